import { labels } from '../../registry/index.ts';
import { type InstalledPackage, type InstalledPackages, noPackages } from '../../stacks/index.ts';
import { fixedTime } from '../image/tar-entries.ts';

/** What documents about an image are made of: its config alone, so that equal images have equal documents. */
export interface ImageFacts {
  readonly name: string;
  readonly version: string;
  /** The language of its code. */
  readonly stack: string;
  /** `sha256:...` of the config. */
  readonly imageId: string;
  /** ISO 8601. */
  readonly created: string;
  /** `amd64` */
  readonly architecture: string;
  readonly labels: Readonly<Record<string, string>>;
  /** Beyond the base. */
  readonly packages: InstalledPackages;
  /** What it was compiled with. */
  readonly builtWith: InstalledPackages;
  /** `sha256:...` of the layer that holds nstack's shim. */
  readonly shim: string | undefined;
}

/** What is known of an image before its labels are read. */
export interface DescribedImage {
  readonly imageId: string;
  readonly labels: Readonly<Record<string, string>>;
  /** ISO 8601; images need not say it, and empty is the time of everything in a layer. */
  readonly created: string;
  /** Undefined: this machine's, which services are built for. */
  readonly architecture?: string;
}

/** The facts in an image's labels. What they do not tell is empty: an image of an older nstack. */
export function imageFacts(image: DescribedImage): ImageFacts {
  const { imageId, labels: stated, created, architecture } = image;
  const layers: readonly { readonly name?: string; readonly diffId?: string }[] =
    json(stated[labels.layers]) ?? [];
  return {
    name: stated[labels.name] ?? '',
    version: stated[labels.version] ?? '',
    stack: stated[labels.stack] ?? '',
    imageId,
    created: timeOf(created).toISOString(),
    architecture: architecture ?? (process.arch === 'x64' ? 'amd64' : process.arch),
    labels: stated,
    packages: packagesOf(stated[labels.packages]),
    builtWith: packagesOf(stated[labels.builtWith]),
    shim: layers.find(({ name }) => name === 'shim')?.diffId,
  };
}

function timeOf(text: string): Date {
  const time = new Date(text);
  return Number.isNaN(time.getTime()) ? fixedTime : time;
}

function packagesOf(text: string | undefined): InstalledPackages {
  const told: Partial<InstalledPackages> = json(text) ?? {};
  return { ...noPackages, ...told };
}

function json<T>(text: string | undefined): T | undefined {
  return text === undefined ? undefined : JSON.parse(text);
}

/** Every package with its system, in order. */
export function eachPackage<T>(
  packages: InstalledPackages,
  what: (system: keyof InstalledPackages, one: InstalledPackage) => T,
): readonly T[] {
  const systems = ['apt', 'pip', 'maven', 'hackage'] as const;
  return systems.flatMap((system) => packages[system].map((one) => what(system, one)));
}
