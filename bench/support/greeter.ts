/** A service in each language that greets, whose code is another one each round. */
export interface Greeter {
  readonly file: string;
  code(round: number): string;
}

export const greeters: { readonly python: Greeter; readonly java: Greeter; readonly haskell: Greeter } = {
  python: {
    file: 'service.py',
    code: (round) => `def greet(name: str) -> str:\n    return "Hello ${round}, " + name\n`,
  },
  java: {
    file: 'Service.java',
    code: (round) =>
      `public class Service {\n    public String greet(String name) {\n        return "Hello ${round}, " + name;\n    }\n}\n`,
  },
  haskell: {
    file: 'Service.hs',
    code: (round) =>
      `{-# LANGUAGE OverloadedStrings #-}\nmodule Service where\n\nimport Data.Text (Text)\n\ngreet :: Text -> Text\ngreet name = "Hello ${round}, " <> name\n`,
  },
};

/** Its nstack.yaml. */
export function greeterManifest(name: string, language: string): string {
  return `name: ${name}\nstack: ${language}\napi: |\n  greet : Text -> Text\n`;
}
