/** A pause that whoever has a reason may end early. One at a time. */
export interface Rest {
  take(milliseconds: number): Promise<void>;
  /** Ends the pause that is under way, if there is one. */
  end(): void;
}

export function createRest(): Rest {
  let end = () => {};
  return {
    async take(milliseconds) {
      await new Promise<void>((resolve) => {
        const timer = setTimeout(resolve, milliseconds);
        end = () => {
          clearTimeout(timer);
          resolve();
        };
      });
      end = () => {};
    },
    end: () => end(),
  };
}
