import type { ImageFile, InstalledPackage, PackageInputs } from '../stack.ts';

/** In the build stages alone, and lifted out of the image with all that lies below /.nstack. */
const folder = '/.nstack/apt';

/**
 * The files of the context's folder `apt` that make apt install the locked versions, whatever is newer: none where Debian offers just these now, so that
 * the layers that the builder remembers serve. They replace Debian's mirror by its archive at the lock's time where it is needed and can be reached.
 */
export async function aptPins(inputs: PackageInputs): Promise<readonly ImageFile[]> {
  const { locked, preferred, pinAll = false } = inputs;
  const packages = (locked ?? preferred)?.apt ?? [];
  if (packages.length === 0) return [];
  const index = await inputs.index();
  const others = packages.filter(({ name, version }) => index.find(name)?.version !== version);
  const pinned = pinAll ? packages : others;
  if (pinned.length === 0) return [];
  const snapshot = others.length > 0 && locked !== undefined ? await inputs.snapshot?.() : undefined;
  return [
    file('preferences', pinned.map(preference).join('\n')),
    file(
      'apt.conf',
      [
        `Dir::Etc::Preferences "${folder}/preferences";`,
        ...(snapshot === undefined ? [] : archiveOptions),
        '',
      ].join('\n'),
    ),
    ...(snapshot === undefined
      ? []
      : [file('sources.list', archiveSources(`${snapshot.mirror}/archive`, snapshot.time))]),
  ];
}

/** A priority above 1000 takes a version that is older than what is there (apt_preferences(5)). */
function preference({ name, version }: InstalledPackage): string {
  return `Package: ${name}\nPin: version ${version}\nPin-Priority: 1001\n`;
}

/** Lists of an archive say that they were to be renewed long ago. */
const archiveOptions = [
  `Dir::Etc::SourceList "${folder}/sources.list";`,
  'Dir::Etc::SourceParts "/dev/null";',
  'Acquire::Check-Valid-Until "false";',
];

function archiveSources(archive: string, time: string): string {
  return [
    ['debian', 'trixie'],
    ['debian', 'trixie-updates'],
    ['debian-security', 'trixie-security'],
  ]
    .map(([part, suite]) => `deb ${archive}/${part}/${time} ${suite} main\n`)
    .join('');
}

function file(name: string, text: string): ImageFile {
  return { path: `apt/${name}`, content: Buffer.from(text), mode: 0o644 };
}
