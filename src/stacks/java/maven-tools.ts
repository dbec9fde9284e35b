import { join } from 'node:path';
import { fileDigest } from '../file-digest.ts';
import { readTemplate } from '../read-template.ts';
import { renderTemplate } from '../render-template.ts';
import type { ImageFile, SharedTools } from '../stack.ts';
import { tellingFiles, templateFiles } from '../template-files.ts';
import { mavenFiles, noProject } from './maven-project.ts';

/** What fetches jars. */
export interface MavenTools {
  /** Scripts, in the context's folder `maven`. */
  readonly files: readonly ImageFile[];
  /** Maven itself. */
  readonly shared: SharedTools;
  /** Changes with any of it. */
  readonly key: readonly string[];
}

/** Reads them from the templates of Java. */
export async function readMavenTools(templates: string): Promise<MavenTools> {
  const [template, fetching, telling] = await Promise.all([
    readTemplate('java/Dockerfile.maven'),
    templateFiles(join(templates, 'maven'), 'maven'),
    tellingFiles(templates, 'maven'),
  ]);
  const files = [...fetching, ...telling];
  return {
    files,
    shared: {
      layer: 'runtime',
      render: ({ base, certificates }) => ({
        dockerfile: renderTemplate(template, { base }),
        files: mavenFiles(noProject, files, { certificates }),
      }),
    },
    key: [template, ...(await Promise.all(files.map(fileDigest)))],
  };
}
