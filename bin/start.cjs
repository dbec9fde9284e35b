'use strict';
const { enableCompileCache } = require('node:module');
const { version } = require('../package.json');

const [only, ...others] = process.argv.slice(2);
if (others.length === 0 && (only === '--version' || only === '-V')) {
  process.stdout.write(`${version}\n`);
} else {
  // What libraries in the bundle should do otherwise, as url.parse of the engine's client, is nothing that users can mend.
  process.noDeprecation = true;
  // What was compiled once is kept by Node between runs.
  enableCompileCache();
  import('../dist/nstack.mjs').catch((error) => {
    process.stderr.write(`error: nstack could not start: ${error?.stack ?? error}\n`);
    process.exit(70);
  });
}
