/** The run of a CI system that this process is a part of, as far as provenance tells of it. */
export interface CiRun {
  /** Who builds, as a URI: the workflow, or the runner. */
  readonly builder: string;
  /** The run's own page. */
  readonly invocation: string;
}

/** What GitHub Actions or GitLab say of the run; undefined elsewhere. Nothing else of the environment is read. */
export function ciRun(env: Readonly<Record<string, string | undefined>>): CiRun | undefined {
  if (env.GITHUB_ACTIONS === 'true') {
    const server = env.GITHUB_SERVER_URL ?? 'https://github.com';
    const run = `${server}/${env.GITHUB_REPOSITORY}/actions/runs/${env.GITHUB_RUN_ID}`;
    return {
      builder: `${server}/${env.GITHUB_WORKFLOW_REF ?? env.GITHUB_REPOSITORY}`,
      invocation: `${run}/attempts/${env.GITHUB_RUN_ATTEMPT ?? '1'}`,
    };
  }
  if (env.GITLAB_CI === 'true')
    return {
      builder: `${env.CI_PROJECT_URL}/-/runners/${env.CI_RUNNER_ID}`,
      invocation: env.CI_JOB_URL ?? `${env.CI_PROJECT_URL}/-/jobs/${env.CI_JOB_ID}`,
    };
  return undefined;
}
