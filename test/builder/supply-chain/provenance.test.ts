import { describe, expect, it } from 'vitest';
import { ciRun } from '../../../src/builder/supply-chain/ci-run.ts';
import {
  type ProvenanceInputs,
  provenance,
  statementOf,
  withoutCredentials,
} from '../../../src/builder/supply-chain/provenance.ts';
import { sampleFacts } from './support.ts';

function provenanceOf(changes: Partial<ProvenanceInputs> = {}) {
  const inputs = {
    facts: sampleFacts(),
    base: `sha256:${'e'.repeat(64)}`,
    distro: 'debian-13',
    origin: { source: 'https://ali:t0ken@git.example.com/acme/clean.git', revision: 'abc123' },
    run: undefined,
    nstackVersion: '9.8.7',
  };
  const made = provenance({ ...inputs, ...changes });
  return JSON.parse(
    statementOf('registry.example.com/acme/clean', `sha256:${'7'.repeat(64)}`, 'x', made).toString(),
  );
}

describe('the provenance of an image', () => {
  it('says what was built of what', () => {
    const { _type, subject, predicate } = provenanceOf();
    expect(_type).toBe('https://in-toto.io/Statement/v1');
    expect(subject).toEqual([
      { name: 'registry.example.com/acme/clean', digest: { sha256: '7'.repeat(64) } },
    ]);
    const { buildDefinition, runDetails } = predicate;
    expect(buildDefinition.externalParameters.manifest).toMatchObject({
      name: 'acme/Clean',
      version: '1.2.0',
    });
    expect(buildDefinition.resolvedDependencies).toEqual(
      expect.arrayContaining([
        { uri: 'git+https://git.example.com/acme/clean.git', digest: { gitCommit: 'abc123' } },
        { name: 'base', digest: { sha256: 'e'.repeat(64) } },
        { uri: 'pkg:hackage/split@0.2.5', digest: { sha256: 'd'.repeat(64) } },
        { uri: 'pkg:deb/debian/ghc@9.10.1-1?arch=amd64&distro=debian-13' },
      ]),
    );
    expect(runDetails).toEqual({
      builder: { id: expect.stringContaining('local-builder'), version: { nstack: '9.8.7' } },
    });
  });

  it('names the run of GitHub Actions or GitLab', () => {
    const github = ciRun({
      GITHUB_ACTIONS: 'true',
      GITHUB_SERVER_URL: 'https://github.com',
      GITHUB_REPOSITORY: 'acme/clean',
      GITHUB_RUN_ID: '12',
      GITHUB_RUN_ATTEMPT: '2',
      GITHUB_WORKFLOW_REF: 'acme/clean/.github/workflows/ship.yml@refs/heads/main',
    });
    expect(provenanceOf({ run: github }).predicate.runDetails).toMatchObject({
      builder: { id: 'https://github.com/acme/clean/.github/workflows/ship.yml@refs/heads/main' },
      metadata: { invocationId: 'https://github.com/acme/clean/actions/runs/12/attempts/2' },
    });
    const gitlab = ciRun({
      GITLAB_CI: 'true',
      CI_PROJECT_URL: 'https://gitlab.example.com/acme/clean',
      CI_RUNNER_ID: '5',
      CI_JOB_URL: 'https://gitlab.example.com/acme/clean/-/jobs/77',
    });
    expect(gitlab).toEqual({
      builder: 'https://gitlab.example.com/acme/clean/-/runners/5',
      invocation: 'https://gitlab.example.com/acme/clean/-/jobs/77',
    });
    expect(ciRun({ USER: 'ali' })).toBeUndefined();
  });

  it.each([
    ['https://ali:t0ken@git.example.com/acme/clean.git', 'https://git.example.com/acme/clean.git'],
    ['https://git.example.com/acme/clean.git?token=t0ken', 'https://git.example.com/acme/clean.git'],
    ['git@git.example.com:acme/clean.git', 'ssh://git.example.com/acme/clean.git'],
    ['ssh://git@git.example.com:2222/acme/clean.git', 'ssh://git.example.com:2222/acme/clean.git'],
    ['/home/ali/clean', undefined],
    ['file:///home/ali/clean', undefined],
    ['../clean', undefined],
  ])('tells of the repository %s without who asked for it', (source, shown) => {
    expect(withoutCredentials(source)).toBe(shown);
  });
});
