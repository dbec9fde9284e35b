import type { RegisteredService } from '../../registry/index.ts';
import type { BuildContext } from '../../stacks/index.ts';
import { newlineArgument } from './instruction.ts';

export interface ReadmeFacts {
  readonly context: BuildContext;
  readonly parent: RegisteredService | undefined;
  /** The base image as nstack calls it on the machine where it was ejected. */
  readonly base: string;
  /** Names of the secrets that steps of the build need. */
  readonly secrets: readonly string[];
}

/** README.md of an ejected service: how to build it, and what has to be given for that. */
export function readme(
  { name, version, image }: RegisteredService,
  { context: { dockerfile }, parent, base, secrets }: ReadmeFacts,
): string {
  const tag = image.replace(/^nstack\//, '');
  const newline = dockerfile.includes(`\${${newlineArgument}}`);
  const commands = /^ARG NSTACK_CERTIFICATES$/m.test(dockerfile);
  const command = [
    ...(secrets.length === 0 ? [] : ['DOCKER_BUILDKIT=1']),
    'docker build',
    ...secrets.map(secretOption),
    ...(newline ? [newlineOption] : []),
    `-t ${tag} .`,
  ].join(' ');
  const authority = commands ? ' --build-arg NSTACK_CERTIFICATES="$(cat certificates.pem)"' : '';
  const parts = [
    `# ${name} ${version}`,
    `\`nstack eject\` wrote this folder. It makes the service's image without nstack:`,
    `\`\`\`sh\n${command}\n\`\`\``,
    ...(secrets.length === 0
      ? []
      : [
          'Steps of the build need secrets: `--secret id=NAME,env=VARIABLE` takes one from a variable, `--secret id=NAME,src=FILE` from a file. They are in /run/secrets/NAME while the steps run that ' +
            'need them, and in no layer. BuildKit alone has such mounts, in Docker 20.10 and newer. It takes a step that ran with another value for the same: `--no-cache` runs all anew.',
        ]),
    ...(newline
      ? [
          `A Dockerfile cannot write a line break; \`${newlineArgument}\` is one. Without it the label \`io.nstack.api\` is one long line, and so is each variable of several lines.`,
        ]
      : []),
    parent === undefined
      ? `It stands on Debian 13. \`--build-arg BASE=...\` names another image of it, such as \`${base}\`, which nstack built this service on.`
      : `It stands on the image of its parent, ${parent.name} ${parent.version}, which has to be there: \`--build-arg PARENT=...\` says what it is called in your registry.`,
    'Behind a proxy: `--build-arg HTTP_PROXY=... --build-arg HTTPS_PROXY=...`, which docker keeps out of the image. Does your network have a certificate authority of its own? Put it in ' +
      `\`certificates.pem\`${authority === '' ? '' : `, and give it to the commands too:\`${authority}\``}. It reaches the stages that fetch packages, and not the image.`,
    'The files, their modes and owners, the variables, the entrypoint, the user and the labels are those of the image that nstack builds. The times of files differ, and so ' +
      'do the digests of layers. Packages are those of nstack.lock, where there is one, and else the newest there are. The service speaks the bridge protocol of nstack on stdin and stdout, and still ' +
      'runs in its workflows.',
  ];
  return `${parts.join('\n\n')}\n`;
}

const newlineOption = `--build-arg ${newlineArgument}='\n'`;

/** From a variable of that name, where there can be one. */
function secretOption(name: string): string {
  return `--secret id=${name},${/^\w+$/.test(name) ? 'env' : 'src'}=${name}`;
}
