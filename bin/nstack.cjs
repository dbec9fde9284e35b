#!/usr/bin/env node
// Old syntax on purpose: a Node that is too old must be able to read this file and say so.
'use strict';
var needed = [22, 13];
var version = process.versions.node.split('.').map(Number);
if (version[0] < needed[0] || (version[0] === needed[0] && version[1] < needed[1])) {
  process.stderr.write(
    'error: nstack needs Node ' +
      needed.join('.') +
      ' or later; this is Node ' +
      process.versions.node +
      ' (' +
      process.execPath +
      ')\n  Install a current Node, or put it first on the PATH.\n',
  );
  process.exit(1);
}
if (process.argv.length === 3 && (process.argv[2] === '--version' || process.argv[2] === '-V')) {
  process.stdout.write(require('../package.json').version + '\n');
  process.exit(0);
}
// What was compiled once is kept by Node between runs.
var cache = require('node:module').enableCompileCache;
if (cache) cache();
import('../dist/nstack.mjs').catch((error) => {
  process.stderr.write(
    'error: nstack could not start: ' + (error && error.stack ? error.stack : error) + '\n',
  );
  process.exit(70);
});
