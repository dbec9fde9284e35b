/**
 * What package managers leave behind that is no part of a package: logs, caches, lists, temporary files, locks and backups, and what belongs to the machine that
 * built. It would make every build another one. Paths are below the root, as layers have them.
 */
const places: readonly RegExp[] = [
  // What the build says of itself, which is read and kept apart.
  /^\.nstack(?:\/|$)/,
  // What a container has of its engine.
  /^(?:run|tmp|var\/tmp|dev|proc|sys)(?:\/|$)/,
  /^\.dockerenv$/,
  /^etc\/(?:resolv\.conf|hosts|hostname|mtab)$/,
  // The numbers that a machine has for life.
  /^(?:etc|var\/lib\/dbus)\/machine-id$/,
  /^var\/lib\/systemd\/random-seed$/,
  // Backups and locks.
  /^etc\/(?:passwd|group|shadow|gshadow|subuid|subgid)-$/,
  /^etc\/\.pwd\.lock$/,
  /^var\/lib\/dpkg\/(?:[a-z]+-old|lock|lock-frontend|triggers\/Lock|updates\/.+)$/,
  /^var\/cache\/debconf\/[a-z]+\.dat-old$/,
  // Caches and lists.
  /^var\/cache\/(?:apt|man|fontconfig)\/./,
  /^var\/cache\/ldconfig(?:\/|$)/,
  /^var\/lib\/apt\/(?:lists|periodic)\/./,
  /^root\/(?:\.cache(?:\/|$)|\.wget-hsts$|\.[a-z]+_history$)/,
];

/** The folder of a log may belong to a user who has to write there. */
const logs = /^var\/log\/./;

/** Whether an entry, or what a whiteout hides, is left out of an image. */
export function isLeftOut({ path, type }: { readonly path: string; readonly type: string }): boolean {
  const hidden = path.replace(/(^|\/)\.wh\.(?!\.wh\.)/, '$1');
  return places.some((place) => place.test(hidden)) || (type !== 'directory' && logs.test(hidden));
}
