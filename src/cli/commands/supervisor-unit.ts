import { join } from 'node:path';
import { packageRoot, stateFolder } from '../../core/index.ts';
import type { CliCommand } from '../command.ts';

export const supervisorUnit: CliCommand = {
  usage: 'supervisor unit',
  summary: 'print a systemd unit that keeps a supervisor running',
  options: [
    {
      flags: '--system',
      description: 'for the whole machine, as the user nstack, in place of one of your own',
    },
  ],
  examples: [
    'nstack supervisor unit > ~/.config/systemd/user/nstack.service',
    'nstack supervisor unit --system | sudo tee /etc/systemd/system/nstack.service',
  ],
  async run(context, _args, options) {
    const paths = {
      node: process.execPath,
      program: join(packageRoot(), 'dist', 'supervisor.mjs'),
    };
    context.stdout.write(
      options.system === true ? systemUnit(paths) : userUnit(paths, stateFolder(context.env)),
    );
    return 0;
  },
};

interface Paths {
  readonly node: string;
  readonly program: string;
}

const head = `# A supervisor of nstack: docs/supervisor.md. Written by "nstack supervisor unit".
[Unit]
Description=nstack supervisor: runs workflows
`;

/** Only the supervisor is asked to end, which ends its workflows in order; what is left after two minutes is killed. */
const life = `Restart=always
RestartSec=2
KillMode=mixed
TimeoutStopSec=120
`;

function userUnit(paths: Paths, state: string): string {
  return `${head}
[Service]
Type=exec
ExecStart=${commandLine(paths)}
Environment=${quoted(`NSTACK_STATE=${state}`)} MALLOC_ARENA_MAX=1
${life}
[Install]
WantedBy=default.target
`;
}

function systemUnit(paths: Paths): string {
  return `${head}# The user: useradd --system --home-dir /var/lib/nstack --groups docker nstack
Wants=network-online.target
After=network-online.target docker.service

[Service]
Type=exec
User=nstack
StateDirectory=nstack
StateDirectoryMode=0700
ExecStart=${commandLine(paths, ' --connections=/etc/nstack/connections.yaml')}
Environment=NSTACK_STATE=/var/lib/nstack MALLOC_ARENA_MAX=1
${life}
[Install]
WantedBy=multi-user.target
`;
}

function commandLine({ node, program }: Paths, args = ''): string {
  return `${quoted(node)} ${quoted(program).replaceAll('$', '$$$$')}${args}`;
}

/** A word of a unit file, with nothing in it that systemd would read as more than itself (systemd.syntax(7), systemd.unit(5)). */
function quoted(word: string): string {
  if (/^[\w./=@:+-]+$/.test(word)) return word;
  return `"${word.replace(/["\\]/g, '\\$&').replaceAll('%', '%%')}"`;
}
