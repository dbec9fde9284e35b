// For setup.sh: exit code 0 where a container engine answers, otherwise that of the reason, which is printed.
import { NstackError } from '../src/core/index.ts';
import { connectEngine } from '../src/engine/index.ts';

try {
  await connectEngine();
} catch (error) {
  if (!(error instanceof NstackError)) throw error;
  process.stderr.write(`${error.message}\n  ${error.hint}\n`);
  process.exitCode = error.exitCode;
}
