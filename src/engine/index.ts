export { type ConnectOptions, connectEngine } from './connect-engine.ts';
export type * from './engine.ts';
export { lineSplitter } from './line-splitter.ts';
export { instanceFolders } from './runtime-folder.ts';
export { builderLabel, ownerLabel, serviceLabel } from './sandbox.ts';
export { seeImagesAtOnce } from './see-images.ts';
