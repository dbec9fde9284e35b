import { createHash, randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { writeFile } from 'node:fs/promises';
import { createServer, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { buffer } from 'node:stream/consumers';
import { gzipSync } from 'node:zlib';
import { pack } from 'tar-stream';
import { beforeAll, describe, expect, it, onTestFinished } from 'vitest';
import { secretSearch } from '../../../src/builder/supply-chain/find-secrets.ts';
import type { ContainerEngine } from '../../../src/engine/index.ts';
import { readFolder, serviceFolder } from '../../stacks/support/service-folder.ts';
import { testEngine } from '../../support/engine.ts';
import { docker, nstack } from '../../support/nstack.ts';
import { answerOf, temporaryName } from '../support/built-service.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';
import { supplytoy } from './support/supplytoy.ts';

let engine: ContainerEngine;
beforeAll(async () => {
  engine = await testEngine();
});

/** A repository that gives its files to those alone who know a token. */
interface PrivateRepository {
  readonly language: string;
  /** The secret, which is a file of the tool's configuration, and its step. */
  readonly secret: string;
  readonly step: string;
  /** What is asked for, and what there is not. */
  readonly wanted: string;
  readonly unknown: string;
  readonly code: Readonly<Record<string, string>>;
  readonly answer: string;
  /** The configuration, for a repository at `host:port`. */
  settings(host: string, token: string): string;
  /** Whether a request shows the token. */
  knows(request: IncomingMessage, token: string): boolean;
  /** Files by the ends of their addresses. */
  files(): Promise<Readonly<Record<string, string | Buffer>>>;
}

const repositories: readonly PrivateRepository[] = [
  {
    language: 'java',
    secret: 'settings.xml',
    step: 'maven',
    wanted: 'maven:io.nstack.test:supplytoy:1.0',
    unknown: 'maven:io.nstack.test:supplytoy:2.0',
    code: {
      'Service.java': `public class Service {
    public String answer() throws Exception {
        return new String(Service.class.getResourceAsStream("/supplytoy.py").readAllBytes()).strip();
    }
}
`,
    },
    answer: 'ANSWER = 42',
    settings: (host, token) => `<settings>
  <servers><server><id>private</id><username>ali</username><password>${token}</password></server></servers>
  <profiles><profile><id>private</id>
    <repositories><repository><id>private</id><url>http://${host}/maven</url></repository></repositories>
  </profile></profiles>
  <activeProfiles><activeProfile>private</activeProfile></activeProfiles>
</settings>
`,
    knows: ({ headers }, token) =>
      headers.authorization === `Basic ${Buffer.from(`ali:${token}`).toString('base64')}`,
    async files() {
      const pom =
        '<project><modelVersion>4.0.0</modelVersion><groupId>io.nstack.test</groupId><artifactId>supplytoy</artifactId><version>1.0</version></project>';
      const sha1 = (content: string | Buffer) => createHash('sha1').update(content).digest('hex');
      return {
        'supplytoy-1.0.pom': pom,
        'supplytoy-1.0.pom.sha1': sha1(pom),
        'supplytoy-1.0.jar': supplytoy,
        'supplytoy-1.0.jar.sha1': sha1(supplytoy),
      };
    },
  },
  {
    language: 'haskell',
    secret: 'cabal.config',
    step: 'hackage',
    wanted: 'hackage:tiny>=0.1&&<0.3',
    unknown: 'hackage:tiny>=0.3',
    code: {
      'Service.hs':
        'module Service where\n\nimport Data.Text (Text)\nimport Tiny\n\nanswer :: Text\nanswer = tiny 4\n',
    },
    answer: '10',
    settings: (host, token) => `repository private\n  url: http://${host}/${token}/\n  secure: False\n`,
    knows: ({ url }, token) => url?.startsWith(`/${token}/`) === true,
    async files() {
      // Compiled with the libraries that the compiler has.
      const cabal =
        'cabal-version: 1.12\nname: tiny\nversion: 0.2\nbuild-type: Simple\nlibrary\n  exposed-modules: Tiny\n  build-depends: base, text, vector\n  default-language: Haskell2010\n';
      const module =
        'module Tiny where\nimport Data.Text (Text, pack)\nimport qualified Data.Vector as V\ntiny :: Int -> Text\ntiny n = pack (show (V.sum (V.fromList [1 .. n])))\n';
      return {
        '00-index.tar.gz': await archive({ 'tiny/0.2/tiny.cabal': cabal }),
        'tiny-0.2.tar.gz': await archive({ 'tiny-0.2/tiny.cabal': cabal, 'tiny-0.2/Tiny.hs': module }),
      };
    },
  },
];

async function archive(files: Readonly<Record<string, string>>): Promise<Buffer> {
  const tar = pack();
  for (const [name, content] of Object.entries(files)) tar.entry({ name }, content);
  tar.finalize();
  return gzipSync(await buffer(tar));
}

/** Serves it until the test ends; answers where. */
async function serve(repository: PrivateRepository, token: string): Promise<string> {
  const files = Object.entries(await repository.files());
  const server = createServer((request, response) => {
    if (!repository.knows(request, token)) {
      response.writeHead(401, { 'www-authenticate': 'Basic realm=x' }).end();
      return;
    }
    const [, content] = files.find(([end]) => request.url?.endsWith(`/${end}`)) ?? [];
    response.writeHead(content === undefined ? 404 : 200).end(content);
  });
  server.listen(0, '127.0.0.1');
  onTestFinished(() => {
    server.close();
    server.closeAllConnections();
  });
  await once(server, 'listening');
  return `127.0.0.1:${(server.address() as AddressInfo).port}`;
}

describe.each(repositories)('a private repository of $step', (repository) => {
  const { language, secret, step, wanted, unknown, code, answer, settings } = repository;

  it(`gives a ${language} service what it asks for, by a secret that nobody sees afterwards`, {
    timeout: 600_000,
  }, async () => {
    const token = `t0ken${randomBytes(12).toString('hex')}`;
    const host = await serve(repository, token);
    const name = temporaryName(engine);
    const manifest = (packages: string) =>
      `name: ${name}\nstack: ${language}\napi: |\n  answer : () -> Text\npackages: ["${packages}"]\nbuildSecrets:\n  ${secret}: [${step}]\n`;
    const { root } = await serviceFolder({
      'service.py': undefined,
      ...code,
      'nstack.yaml': manifest(wanted),
    });
    const given = join(await temporaryFolder(), 'given');
    await writeFile(given, settings(host, token));
    const build = () =>
      nstack(['build', '--json', '--no-warm', `--secret=${secret}=file:${given}`], { cwd: root });
    const built = await build();
    expect(built.code, built.stderr).toBe(0);
    const { image } = JSON.parse(built.stdout);
    expect(await answerOf(engine, image, await readFolder(root))).toBe(answer);
    const search = secretSearch({ token });
    const everything = [
      built.stdout,
      built.stderr,
      await docker('history', '--no-trunc', image),
      await docker('inspect', image),
      (await buffer(await engine.saveImage(image))).toString('latin1'),
    ];
    for (const text of everything) expect(search.inText(text)).toBeUndefined();

    await writeFile(join(root, 'nstack.yaml'), manifest(unknown));
    const missing = await build();
    expect(missing).toMatchObject({ code: 1, stderr: expect.stringContaining(`"${unknown}"`) });
    expect(search.inText(missing.stderr)).toBeUndefined();
  });
});
