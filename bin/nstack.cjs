#!/usr/bin/env node
// Syntax of 2009 on purpose: a Node that is too old must be able to read this file and say so.
'use strict';
var needed = [22, 13];
var version = process.versions.node.split('.').map(Number);
if (version[0] < needed[0] || (version[0] === needed[0] && version[1] < needed[1])) {
  process.stderr.write(
    'error: nstack needs Node ' + needed.join('.') + ' or later; this is Node ' + process.versions.node +
    ' (' + process.execPath + ')\n  Install a current Node, or put it first on the PATH.\n'
  );
  process.exit(1);
}
require('./start.cjs');
