// Stands in for ssh2 in the bundles: loading it takes 50 ms, and an engine is reached over SSH only where DOCKER_HOST says so.
exports.Client = function Client() {
  // Not a literal, so that the bundler leaves it to run time.
  const name = 'ssh2';
  const { Client: Real } = require(name);
  return new Real();
};
