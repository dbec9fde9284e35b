import type { ToolchainRecipe } from '../../../src/stacks/index.ts';

/** For compilers that are shell scripts: the base image has all that they need. */
export const noToolchain: ToolchainRecipe = {
  on: 'base',
  adds: true,
  asked: '',
  wanted: [],
  tools: '',
  admits: () => true,
  key: '',
  render: () => Promise.reject(new Error('the base serves as toolchain')),
  explain: () => undefined,
};
