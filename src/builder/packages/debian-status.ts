/** A package of Debian's that is installed whole. */
export interface DebianPackage {
  readonly name: string;
  readonly version: string;
  /** `amd64`, `all` */
  readonly architecture: string;
}

/** Reads dpkg's status file (dpkg-query(1), deb-control(5)): those packages that are installed whole, in its order. What stands before the first is passed over. */
export function readDebianStatus(text: string): readonly DebianPackage[] {
  return text.split(/\n(?=Package: )/).flatMap((paragraph) => {
    const field = (name: string) => new RegExp(`^${name}: (.+)$`, 'm').exec(paragraph)?.[1];
    const [name, version] = [field('Package'), field('Version')];
    if (name === undefined || version === undefined || !/ installed$/.test(field('Status') ?? '')) return [];
    return [{ name, version, architecture: field('Architecture') ?? 'all' }];
  });
}
