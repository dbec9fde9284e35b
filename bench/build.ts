/**
 * `nstack build` of a service in each language as a user starts it: where nothing changed, and where only the code did, up to the loaded image and with
 * the probe; beside `node -e 0`, beside `docker build` of a hand-written Dockerfile over the very same packages and compiler, in its best order of layers, which
 * proves nothing; and beside the bare compiler over the same code in the image that nstack compiles in, the start of its container not counted. And where
 * one library of Debian's is added, another one each round, with all that it stands on there, beside apt in `docker build`, and one of PyPI's beside pip in it. All take turns. Needs dist/ (npm run build) and a container engine. Goals: nothing changed 150 ms; code up to the loaded image no slower than docker
 * build; with the probe Python 1 s, and beyond the bare compiler Java 1.5 s, Haskell 2 s; one dependency added 1.3 x the native tool.
 *
 *   node bench/build.ts [--rounds=5] [--dependencies=3]
 */
import { copyFile, mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { removeStages, stageLabel } from '../src/builder/packages/leftovers.ts';
import { connectEngine } from '../src/engine/index.ts';
import { readManifest } from '../src/manifest/index.ts';
import { type Greeter, greeterManifest, greeters } from './support/greeter.ts';
import { measure, measureLine, median, numberFlag, run } from './support/measure.ts';
import { program } from './support/nstack.ts';
import {
  addByDocker,
  addByNstack,
  installed,
  installedByPip,
  type OneDependency,
  withPip,
  writeAuthorities,
} from './support/one-dependency.ts';
import { packagesOf, toolchainOf } from './support/toolchain.ts';

/** What the classic builder leaves of stages is found by it. */
const stageMark = String(process.pid);
const stage = `LABEL ${stageLabel}=${stageMark}`;

interface Language extends Greeter {
  readonly name: string;
  /** The bare compiler, from /code, and /bare for `main`, to /tmp. */
  readonly compiler?: string;
  /** A program around the code, where the compiler would not link it otherwise. */
  readonly main?: readonly [file: string, code: string];
  /** The hand-written Dockerfile, on the images of the service's packages and of its compiler, with lines that install more where the language has its libraries. */
  dockerfile(packages: string, toolchain: string | undefined, more?: string): string;
  /** One a round. */
  readonly dependencies: readonly OneDependency[];
  readonly fromPypi?: readonly OneDependency[];
}

const fromApt = (name: string): OneDependency => ({ wanted: `apt:${name}`, name });
const fromPip = (name: string): OneDependency => ({ wanted: `pip:${name}`, name });

const languages: readonly Language[] = [
  {
    name: 'Python',
    ...greeters.python,
    dockerfile: (packages, _, more = '') =>
      `FROM ${packages}\n${more}WORKDIR /service\nUSER 65532\nCOPY service.py .\n`,
    dependencies: ['python3-webencodings', 'python3-ply', 'python3-toposort'].map(fromApt),
    fromPypi: ['toposort', 'humanize', 'wcwidth'].map(fromPip),
  },
  {
    name: 'Java',
    ...greeters.java,
    // The command javac runs this very module.
    dockerfile: (packages, toolchain, more = '') =>
      `FROM ${toolchain} AS build\n${stage}\nCOPY Service.java /code/\nRUN java -m jdk.compiler/com.sun.tools.javac.Main -d /out /code/Service.java\nFROM ${packages}\n${more}COPY --from=build /out /service\n`,
    dependencies: ['libjsr305-java', 'libjson-simple-java', 'libcommons-lang3-java'].map(fromApt),
    compiler: 'java -m jdk.compiler/com.sun.tools.javac.Main -d /tmp/classes /code/Service.java',
  },
  {
    name: 'Haskell',
    ...greeters.haskell,
    compiler: 'ghc -v0 -O1 --make -i/code -outputdir /tmp/objects -o /tmp/service /bare/Main.hs',
    dockerfile: (packages, toolchain, more = '') =>
      `FROM ${toolchain} AS build\n${stage}\n${more}COPY Main.hs Service.hs /code/\nRUN ghc -v0 -O1 --make -i/code -outputdir /tmp/objects -o /service /code/Main.hs\nFROM ${packages}\nCOPY --from=build /service /service/service\n`,
    dependencies: ['split', 'safe', 'extra'].map((wanted) => ({ wanted, name: `libghc-${wanted}-dev` })),
    main: [
      'Main.hs',
      'import qualified Data.Text.IO as Text\nimport Service\n\nmain :: IO ()\nmain = Text.interact greet\n',
    ],
  },
];

interface Contender {
  readonly name: string;
  /** Its service's image. */
  readonly image: string;
  /** Each answers milliseconds; undefined in rounds that it sits out. */
  readonly works: Readonly<Record<string, (round: number) => Promise<number | undefined>>>;
  readonly times: Readonly<Record<string, number[]>>;
}

/** The code of each run is another one, or `docker build` would find it in its cache. */
const firstCode = Date.now();
const rounds = numberFlag('rounds', 5);
const dependencies = numberFlag('dependencies', 3);
const engine = await connectEngine();
const root = await mkdtemp(join(tmpdir(), 'nstack-bench-build-'));
const contenders: Contender[] = [];
const dockerTags: string[] = [];
try {
  for (const language of languages) contenders.push(await contender(language));
  for (let round = 1; round <= rounds; round++) {
    for (const { works, times } of contenders) {
      for (const [what, work] of Object.entries(works)) {
        const taken = await work(round);
        if (taken !== undefined) times[what]?.push(taken);
      }
    }
  }
  for (const { name, times } of contenders) tell(name, times);
} finally {
  for (const image of [...contenders.map((one) => one.image), ...dockerTags]) await engine.removeImage(image);
  await removeStages(engine, stageMark);
  await rm(root, { recursive: true });
}

/** Builds a service for the first time, so that its packages and its compiler are there. */
async function contender(language: Language): Promise<Contender> {
  const name = `BenchBuild${language.name}`;
  const folder = join(root, name);
  const writeCode = (round: number) =>
    writeFile(join(folder, language.file), language.code(firstCode + round));
  const build = () => milliseconds(process.execPath, [program, 'build', folder]);
  await mkdir(folder);
  await writeFile(join(folder, 'nstack.yaml'), greeterManifest(name, language.name.toLowerCase()));
  await writeCode(0);
  await build();
  const compile = await bareCompiler(language, folder);
  const { build: docker, add, addByPip } = await dockerBuild(language, folder);
  const dependency = (round: number) =>
    round <= dependencies ? language.dependencies[round - 1] : undefined;
  const works = {
    'node -e 0': () => milliseconds(process.execPath, ['-e', '0']),
    'nothing changed': build,
    'docker, nothing': docker,
    'code, loaded': (round: number) => writeCode(round).then(() => loaded(folder)),
    'docker, code': docker,
    'code changed': (round: number) => writeCode(rounds + round).then(build),
    ...(compile === undefined ? {} : { 'bare compiler': compile }),
    'one dependency': async (round: number) => {
      const one = dependency(round);
      return one && addByNstack(engine, folder, one, build);
    },
    'docker, the same': async (round: number) => {
      const one = dependency(round);
      return one && add(one);
    },
    ...(addByPip === undefined
      ? {}
      : {
          'one of PyPI': async (round: number) => {
            const one = round <= dependencies ? language.fromPypi?.[round - 1] : undefined;
            return one && addByNstack(engine, folder, one, build);
          },
          'docker, PyPI': async (round: number) => {
            const one = round <= dependencies ? language.fromPypi?.[round - 1] : undefined;
            return one && addByPip(one);
          },
        }),
  };
  const { manifest } = await readManifest(folder);
  return {
    name: language.name,
    image: `nstack/${name.toLowerCase()}:${manifest.version}`,
    works,
    times: Object.fromEntries(Object.keys(works).map((what) => [what, []])),
  };
}

/** A build's milliseconds until the engine has its image: what `docker build` does too. */
async function loaded(folder: string): Promise<number> {
  return (await measureLine(process.execPath, [program, 'build', folder], 'put the image together')) * 1000;
}

/** `docker build` of the folder's code as it stands; the first one has filled the builder's cache. */
async function dockerBuild(
  { dockerfile, main, name, file, fromPypi }: Language,
  folder: string,
): Promise<{
  readonly build: () => Promise<number>;
  /** With a library in addition. */
  readonly add: (one: OneDependency) => Promise<number>;
  /** With a package of PyPI's, where pip is there. */
  readonly addByPip: ((one: OneDependency) => Promise<number>) | undefined;
}> {
  const { manifest, file: manifestFile } = await readManifest(folder);
  const service = { root: folder, manifest, manifestFile };
  const on = [await packagesOf(engine, service), await toolchainOf(engine, service)] as const;
  const context = `${folder}-docker`;
  await mkdir(context);
  await writeFile(join(context, 'Dockerfile'), dockerfile(...on));
  if (main !== undefined) await writeFile(join(context, main[0]), main[1]);
  const tag = `nstack-bench/${name.toLowerCase()}`;
  dockerTags.push(tag);
  const build = async () => {
    await copyFile(join(folder, file), join(context, file));
    return milliseconds('docker', ['build', '-q', '--network', 'none', '-t', tag, context]);
  };
  await build();
  const add = (one: OneDependency) => addByDocker(context, dockerfile(...on, installed(one.name)), tag);
  if (fromPypi === undefined) return { build, add, addByPip: undefined };
  const pipTag = `${tag}-pip`;
  dockerTags.push(pipTag);
  await writeAuthorities(context);
  await addByDocker(context, withPip(on[0]), pipTag);
  const addByPip = (one: OneDependency) =>
    addByDocker(context, dockerfile(pipTag, on[1], installedByPip(one.name)), tag);
  return { build, add, addByPip };
}

/** Runs the compiler over the folder's code; undefined where the language has none. */
async function bareCompiler(
  { compiler, main }: Language,
  folder: string,
): Promise<(() => Promise<number>) | undefined> {
  if (compiler === undefined) return undefined;
  const { manifest, file } = await readManifest(folder);
  const toolchain = await toolchainOf(engine, { root: folder, manifest, manifestFile: file });
  if (toolchain === undefined) throw new Error(`${manifest.name} is not compiled`);
  const [mainFile, mainCode] = main ?? ['nothing', ''];
  const around = `${folder}-bare`;
  await mkdir(around);
  await writeFile(join(around, mainFile), mainCode);
  const mounts = ['--volume', `${folder}:/code:ro`, '--volume', `${around}:/bare:ro`];
  const options = ['--rm', '--network', 'none', '--user', '0', ...mounts, '--entrypoint', 'bash', toolchain];
  const script = `TIMEFORMAT=%R; time ${compiler}`;
  // Bash tells the seconds on its standard error.
  return async () => Number(await run('docker', ['run', ...options, '-c', `{ ${script}; } 2>&1`])) * 1000;
}

function tell(language: string, times: Contender['times']): void {
  const node = median(times['node -e 0'] ?? []);
  for (const [what, values] of Object.entries(times)) {
    const [middle, least] = [median(values), Math.min(...values)];
    process.stdout.write(
      `${language.padEnd(8)} ${what.padEnd(16)} median ${middle.toFixed(0).padStart(5)} ms   least ${least.toFixed(0).padStart(5)} ms   ${(middle / node).toFixed(1)} x node\n`,
    );
  }
  const ratio = (ours: string, theirs: string) =>
    (median(times[ours] ?? []) / median(times[theirs] ?? [])).toFixed(2);
  process.stdout.write(
    `${language.padEnd(8)} x docker build: nothing changed ${ratio('nothing changed', 'docker, nothing')}, code up to the loaded image ${ratio('code, loaded', 'docker, code')}, with the probe ${ratio('code changed', 'docker, code')}, one dependency added ${ratio('one dependency', 'docker, the same')}${'one of PyPI' in times ? `, one of PyPI's ${ratio('one of PyPI', 'docker, PyPI')}` : ''}\n`,
  );
  const compiler = times['bare compiler'];
  if (compiler === undefined) return;
  const beyond = median(times['code changed'] ?? []) - median(compiler);
  process.stdout.write(
    `${language.padEnd(8)} code changed, beyond the bare compiler: ${beyond.toFixed(0)} ms\n`,
  );
}

async function milliseconds(command: string, args: readonly string[]): Promise<number> {
  return (await measure(command, args)).seconds * 1000;
}
