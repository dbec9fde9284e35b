import type { Diagnostic, NstackError, Place } from '../core/index.ts';
import type { Manifest } from '../manifest/index.ts';
import type { Type } from '../types/index.ts';
import type { PackageIndex } from './debian/package-index.ts';

/** What code says of itself, from reading it (static) or from asking it (the probe's rpc.discover). */
export interface CodeApi {
  readonly functions: readonly CodeFunction[];
  /** What could not be known, and why; never an error by itself. */
  readonly notes: readonly string[];
  /** Names of the code that are no function it serves; `unknown` may still turn out to be one. */
  readonly others?: readonly CodeName[];
  /** What the functions belong to where it is not the file itself: `class ClickAnalytics`. */
  readonly servedBy?: { readonly text: string; readonly place: Place };
  /** There may be functions that cannot be seen here, such as inherited ones; the probe sees them. */
  readonly mayHaveMore?: boolean;
}

export interface CodeName {
  readonly name: string;
  readonly what: 'class' | 'value' | 'imported' | 'outside' | 'unknown';
  /** As a sentence goes on after "is": `a class`, `imported from helpers`. */
  readonly text: string;
  readonly place: Place | undefined;
  /** What to do about it, where the usual advice is wrong: `write public before it`. */
  readonly hint?: string;
}

export interface CodeFunction {
  readonly name: string;
  /** One entry a parameter, `self` left out. */
  readonly parameters: readonly {
    readonly name: string;
    readonly type: CodeType;
    readonly optional: boolean;
    /** Where the parameter stands, when it is known better than `place`. */
    readonly place?: Place;
  }[];
  /** Takes any number of further arguments (Python's `*args`). */
  readonly variadic?: boolean;
  readonly result: CodeType;
  /** A list in, a list out: gets a whole block. */
  readonly vectorised: boolean;
  /** Gives items one by one: `result` is the type of one, and its one parameter, where it has such, is the position from which it goes on. */
  readonly source?: boolean;
  readonly place: Place | undefined;
  readonly sourceLine?: string;
  /** What makes it impossible or unwise to serve, whatever is declared; reported for functions of the API. */
  readonly faults?: readonly CodeFault[];
}

export interface CodeFault {
  readonly code: string;
  readonly severity: 'error' | 'warning';
  /** As a sentence goes on after the code's place: `is a generator, ...`. */
  readonly text: string;
  readonly hint?: string;
  readonly place?: Place;
}

/**
 * `known`: the code states it. `unstated`: nothing is written; the declared type rules. `unknown`: something is written that
 * cannot be judged here (static: left to the probe). `open`: some record, map or list of unstated shape (`dict`, `list`).
 * `unsupported`: written, understood, and outside the type language. Types made of others have kinds of their own, since any part of
 * one may be of any kind. `text` is what the author wrote, or the nearest to it.
 */
export type CodeType =
  | { readonly kind: 'known'; readonly type: Type; readonly text: string }
  | { readonly kind: 'unstated' }
  | { readonly kind: 'unknown'; readonly text: string }
  | { readonly kind: 'open'; readonly shape: 'object' | 'array' | 'any'; readonly text: string }
  | { readonly kind: 'unsupported'; readonly text: string; readonly reason: string }
  | { readonly kind: 'list' | 'map' | 'optional'; readonly item: CodeType; readonly text: string }
  | { readonly kind: 'tuple'; readonly items: readonly CodeType[]; readonly text: string }
  | { readonly kind: 'record'; readonly fields: readonly CodeField[]; readonly text: string }
  | { readonly kind: 'sum'; readonly cases: readonly CodeCase[]; readonly text: string };

export interface CodeField {
  readonly name: string;
  readonly type: CodeType;
  /** An input may leave it out though its type is not optional; a result always holds it. */
  readonly hasDefault: boolean;
  readonly place?: Place;
}

export interface CodeCase {
  readonly name: string;
  readonly type: CodeType;
  /** What the case carries where the declared payload is no record (a class with one field called `value`). */
  readonly payload?: CodeType;
  readonly place?: Place;
}

/** A service folder with its checked manifest. */
export interface ServiceFolder {
  /** Absolute path. */
  readonly root: string;
  readonly manifest: Manifest;
  /** Path of nstack.yaml as the user would type it, for places. */
  readonly manifestFile: string;
  /** Of each build secret, what changes with its value and does not tell it; none where nothing is built. */
  readonly secretKeys?: Readonly<Record<string, string>>;
}

/** One file that goes into the image. */
export interface ImageFile {
  /** Path in the image, absolute. */
  readonly path: string;
  readonly content: Uint8Array | { readonly file: string };
  readonly mode: number;
}

/** Where packages come from. */
export type PackageSystem = 'apt' | 'pip' | 'maven' | 'hackage';

/** A package that a build installed, or is to install. */
export interface InstalledPackage {
  /** As its system names it: `libsvm3`, `numpy` (PEP 503), `org.slf4j:slf4j-api`, `split`. */
  readonly name: string;
  /** In full: `3.24+ds-6.1`, `2.3.1`. */
  readonly version: string;
  /** `sha256:...` of each file that is this package at this version; empty where its system signs instead (apt). */
  readonly hashes: readonly string[];
  /** Where it was had, where that is not its system's registry: `git+https://...@COMMIT`, `https://.../six.whl`. */
  readonly url?: string;
}

/** Packages beyond the image below, each list in order of name. */
export type InstalledPackages = Readonly<Record<PackageSystem, readonly InstalledPackage[]>>;

/** What is installed, as the engine's own builder would be given it. */
export interface BuildContext {
  readonly dockerfile: string;
  /** Files beside the Dockerfile; paths below the context's root. */
  readonly files: readonly ImageFile[];
}

/** What a recipe for packages cannot know by itself. */
export interface PackageInputs {
  /** Reference of the image that the packages are installed on. */
  readonly base: string;
  /** What Debian offers on that base. Asked for only where a name has to be resolved, since it may take seconds. */
  index(): Promise<PackageIndex>;
  /** The host's own certificate authorities as PEM text, empty where there is none: for build stages, never for the image. */
  readonly certificates: string;
  /** What has to be installed where nstack.lock says so: these versions, these files. */
  readonly locked?: InstalledPackages;
  /** What is to be installed as far as it goes with what is asked, where the lock was made for something else: versions without files. */
  readonly preferred?: InstalledPackages;
  /** Debian's archive at the lock's time, where a mirror of it can be reached. Asked for only where Debian offers other versions now. */
  snapshot?(): Promise<DebianSnapshot | undefined>;
  /** A mark that makes what was resolved at another time serve no more. */
  readonly asOf?: string;
  /** Pin each locked package, though Debian's list says that it is the newest: the list, or what the builder remembers, may be of another day. */
  readonly pinAll?: boolean;
}

/** A mirror that keeps Debian's archive of every day. */
export interface DebianSnapshot {
  /** Without a slash at its end: `https://snapshot.debian.org`. */
  readonly mirror: string;
  /** `20261130T062200Z` */
  readonly time: string;
}

/** The packages of one service, as its author asked for them. */
export interface PackageRecipe {
  /** What the author's own files ask for, as canonical text. */
  readonly asked: string;
  /** Whether it asks for anything beyond what every service of its language has: what a parent's image may have already. */
  readonly adds: boolean;
  /** That, and whatever else decides the outcome, base apart: equal keys make equal images. */
  readonly key: string;
  /** The part of `asked` that decides which packages there are, a line a matter, without secrets: what nstack.lock was made for, or not. */
  readonly wanted: readonly string[];
  /** nstack's part of `key`: templates and scripts. */
  readonly tools: string;
  /** What its stages use as `shared-NAME`, by name. */
  readonly shared?: Readonly<Record<string, SharedTools>>;
  /** Whether what the author asks for himself admits this version; what others brought in is admitted. */
  admits(one: { readonly system: PackageSystem; readonly name: string; readonly version: string }): boolean;
  /** The Dockerfile, several stages, ending in one that holds packages alone; fails with `package-unknown`. */
  render(inputs: PackageInputs): Promise<BuildContext>;
  /** Reads the words of tools that failed; undefined: they speak for themselves. */
  explain(output: string): NstackError | undefined;
}

/** Tools that are in no service's image, such as pip: made once for all services that have what they stand on, so that one more package does not install them anew. */
export interface SharedTools {
  /** They stand on this layer of the packages, and on those below it. */
  readonly layer: 'runtime' | 'os';
  /** The Dockerfile, which ends in a stage called `shared-NAME`. */
  render(inputs: Pick<PackageInputs, 'base' | 'certificates'>): BuildContext;
}

/** A layer of the service's image, over its packages. They lie in this order: what changes least first. */
export type LayerName = 'shim' | 'files' | 'code' | 'archive';

/** The image that code is compiled in: compiler, libraries to compile against, the compiled shim. None of it is in the service's image. */
export interface ToolchainRecipe extends PackageRecipe {
  /** What it stands on: the base, or the service's own packages where compiler and service must have the very same ones. */
  readonly on: 'base' | 'packages';
}

/**
 * How an author's code becomes what runs, where it has to be compiled: one command, in a container of the toolchain's image, as user 65532,
 * without network, with a root file system that is its own.
 */
export interface CompileRecipe {
  readonly toolchain: ToolchainRecipe;
  /** The author's part of what is compiled, at absolute paths below /build. */
  readonly sources: readonly ImageFile[];
  /** nstack's part: what it generates, at absolute paths below /build. */
  readonly generated: readonly ImageFile[];
  /** Run in /build. What it leaves as `/build/out/LAYER/PATH` is in the image as `/PATH`, in that layer. */
  readonly command: readonly string[];
  /**
   * The same, kept running: started once, it compiles whenever it reads a line, and says with which code the command would have ended, as a line on its
   * stdout. Left out, the command itself runs each time.
   */
  readonly warmCommand?: readonly string[];
  /**
   * A folder below /build by which the next compilation does less. What is compiled with it may differ in its bytes from what is compiled without, so that it is there for
   * snapshots in a warm builder alone.
   */
  readonly objects?: string;
  readonly env: Readonly<Record<string, string>>;
  /** Reads the words of a compiler that failed, or that warned, as findings in the author's files. Those that it cannot place speak for themselves. */
  explain(output: string): readonly Diagnostic[];
}

/** How one language becomes an image: what the builder needs to know, and nothing of how it does it. */
export interface Recipe {
  readonly packages: PackageRecipe;
  /** Where the code has to be compiled first; its outcome joins the layers. */
  readonly compile?: CompileRecipe;
  /** Each becomes one layer, ordered by name as {@link LayerName} is. One without files is left out. */
  readonly layers: readonly {
    readonly name: LayerName;
    readonly files: readonly ImageFile[];
  }[];
  readonly entrypoint: readonly string[];
  readonly env: Readonly<Record<string, string>>;
  readonly workdir: string;
}

/** How messages speak of code in one language. */
export interface CodeWords {
  /** As people write it: `Python`. */
  readonly language: string;
  /** What stands for no value: `None`. */
  readonly nothing: string;
  /** The types of an Integer and of a Double: `int`, `float`. */
  readonly integer: string;
  readonly double: string;
  /** What the types written at a function are called: `type hints`. */
  readonly hints: string;
  /** The mark of a function that works on whole blocks: `@nstack.vectorised`. */
  readonly vectorised: string;
  /** What makes a function a source, after "make it": `a generator, which yields each item`. */
  readonly source: string;
  /** How a function of that name begins, alone or in a class: `def score(...)`, `def score(self, ...)`. */
  define(name: string, inClass: boolean): string;
  /** Why no function can have that name, after "which": `is a keyword of Java`; undefined where one can. */
  unusableName(name: string): string | undefined;
  /** How a sum gets one more case, after "add": `a class Quit to the union`. */
  newCase(name: string): string;
}

/** One language. Everything nstack knows of it is behind this interface, in src/stacks/<name> and templates/<name>. */
export interface Stack {
  readonly name: string;
  readonly words: CodeWords;
  /** The file that holds the functions: `entry` of the manifest, or where the language looks for it; a path below the service's folder. */
  entryOf(service: ServiceFolder): Promise<string>;
  /** Reads the code without running it. Finds syntax errors as diagnostics. Below half a second. */
  readCode(
    service: ServiceFolder,
  ): Promise<{ readonly api: CodeApi; readonly diagnostics: readonly Diagnostic[] }>;
  /** Turns the manifest into a recipe; fails with NstackError `package-unknown`, `file-missing`, ... */
  recipe(service: ServiceFolder): Promise<Recipe>;
  /** Files of a new service of that name, paths below its folder. */
  skeleton(name: string): Promise<readonly { readonly path: string; readonly content: string }[]>;
}
