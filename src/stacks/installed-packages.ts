import type { InstalledPackages, PackageSystem } from './stack.ts';

/** In the order in which they are told. */
export const packageSystems: readonly PackageSystem[] = ['apt', 'pip', 'maven', 'hackage'];

export const noPackages: InstalledPackages = { apt: [], pip: [], maven: [], hackage: [] };
