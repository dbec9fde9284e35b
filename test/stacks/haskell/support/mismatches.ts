/** One way in which a Haskell service breaks its contract, as an author would write it. */
export interface Mismatch {
  /** What is wrong, as the title of a test. */
  readonly title: string;
  /** Lines of the api; the last one is the function at fault. */
  readonly api: string;
  /** Service.hs below its seven lines of header and imports, so that its first line is line 8. */
  readonly code: string;
  /** Lines that stand for these seven. */
  readonly head?: string;
  /** The code of the finding. */
  readonly finding: string;
  /** How the message goes on after the declaration and its place. */
  readonly but: string;
  readonly hint?: string;
  /** Line and column in Service.hs. */
  readonly at: string;
}

export const head = `module Service where
import Data.Map (Map)
import Data.Set (Set)
import Data.Text (Text)
import Data.Time (Day, UTCTime)
import Data.ByteString (ByteString)
import NStack
`;

const click = 'data Click = Click\n  { user :: Text\n  , ms :: Int\n  }\n\n';
const event = 'data Event\n  = Click { user :: Text }\n  | Quit\n\n';

/** Every kind of mismatch, in both directions where it has two. */
export const mismatches: readonly Mismatch[] = [
  {
    title: 'a declared function that the code has under a near name',
    api: 'analyse: Text -> Text',
    code: 'analyze :: Text -> Text\nanalyze = id',
    finding: 'missing-function',
    but: 'Service.hs has no function of that name',
    hint: 'did you mean "analyze" (Service.hs:8)?',
    at: '8:1',
  },
  {
    title: 'a declared function that the code does not have',
    api: 'analyse: Text -> Text',
    code: 'score text = text',
    finding: 'missing-function',
    but: 'Service.hs has no function of that name',
    hint: 'the code has score',
    at: '1:1',
  },
  {
    title: 'a function that is not in the export list',
    api: 'analyse: Text -> Text',
    head: 'module Service (score) where\nimport Data.Text (Text)\n',
    code: 'score, analyse :: Text -> Text\nscore = id\nanalyse = id',
    finding: 'not-a-function',
    but: 'at Service.hs:3 analyse is not exported by the module, and only exported functions are served',
    hint: 'add analyse to the export list',
    at: '3:8',
  },
  {
    title: 'a name that is a field',
    api: 'user: Text -> Text',
    code: click,
    finding: 'not-a-function',
    but: 'at Service.hs:9 user is a part of Click, and only functions are served',
    at: '9:5',
  },
  {
    title: 'a name that is imported',
    api: 'sort: [Text] -> [Text]',
    code: 'import Data.List (sort)\n\nf :: Int\nf = 1',
    finding: 'not-a-function',
    but: 'at Service.hs:8 sort is imported from Data.List, and only functions that the file defines are served',
    at: '8:19',
  },
  {
    title: 'more arguments in the code than declared',
    api: 'score: Text -> Double',
    code: 'score :: Text -> Text -> Double\nscore user _ = 1',
    finding: 'wrong-arity',
    but: 'Service.hs:8 takes 2 arguments (user, arg2), where 1 argument is declared',
    hint: '2 arguments are declared as score: (..., ...) -> Double',
    at: '8:1',
  },
  {
    title: 'fewer arguments in the code than declared',
    api: 'score: (Text, Text) -> Double',
    code: 'score :: Text -> Double\nscore user = 1',
    finding: 'wrong-arity',
    but: 'Service.hs:8 takes 1 argument (user), where 2 arguments are declared',
    hint: '(A, B) -> C declares one argument for each of its parts',
    at: '8:1',
  },
  {
    title: 'no argument where one is declared',
    api: 'score: Text -> Double',
    code: 'score :: IO Double\nscore = pure 1',
    finding: 'wrong-arity',
    but: 'Service.hs:8 takes 0 arguments, where 1 argument is declared',
    at: '8:1',
  },
  {
    title: 'another type of parameter',
    api: 'score: Text -> Double',
    code: 'score\n  :: ByteString\n  -> IO Double\nscore user = pure 1',
    finding: 'parameter-type',
    but: 'Service.hs:8 takes ByteString (Bytes) for user, where Text is declared',
    at: '9:6',
  },
  {
    title: 'another type of parameter behind a name',
    api: 'score: Text -> Double',
    code: 'newtype Id = Id { number :: Int }\n\nscore :: Id -> Double\nscore user = 1',
    finding: 'parameter-type',
    but: 'Service.hs:10 takes Id (Integer) for user, where Text is declared',
    at: '10:10',
  },
  {
    title: 'another type in a tuple that is taken as one',
    api: 'score: (Text, Text) -> Double',
    code: 'score :: (Text, Int) -> Double\nscore pair = 1',
    finding: 'parameter-type',
    but: 'Service.hs:8 takes Int (Integer) at pair[1], where Text is declared',
    at: '8:10',
  },
  {
    title: 'another type deep in a record that is taken',
    api: 'score: { legs: [{ delay: Integer }] } -> Double',
    code: 'data Leg = Leg { delay :: !Text }\ndata Flight = Flight { legs :: [Leg] }\n\nscore :: Flight -> Double\nscore flight = 1',
    finding: 'parameter-type',
    but: 'Service.hs:11 takes Text at flight.legs[].delay, where Integer is declared',
    at: '8:18',
  },
  {
    title: 'another type deep in a record that is returned',
    api: 'type Leg = { delay: Integer }\n  score: Text -> { legs: Map Leg }',
    code: 'data Leg = Leg { delay :: Double }\ndata Flight = Flight { legs :: Map Text Leg }\n\nscore :: Text -> IO Flight\nscore = undefined',
    finding: 'double-for-integer',
    but: 'Service.hs:11 returns Double at result.legs{}.delay, where Integer is declared',
    hint: 'return Integer, or declare Double',
    at: '8:18',
  },
  {
    title: 'another result',
    api: 'score: Text -> Double',
    code: 'score :: Text -> Text\nscore = id',
    finding: 'result-type',
    but: 'Service.hs:8 returns Text, where Double is declared',
    at: '8:1',
  },
  {
    title: 'an Integer where any Double may come',
    api: 'score: Double -> Double',
    code: 'score :: Int -> Double\nscore ms = 1',
    finding: 'integer-for-double',
    but: 'Service.hs:8 takes Int (Integer) for ms, where Double is declared',
    hint: 'take Double: not every Double is an Integer',
    at: '8:10',
  },
  {
    title: 'a field that is not declared, under a near name',
    api: 'score: { user: Text, mss: Integer } -> Double',
    code: `${click}score :: Click -> Double\nscore click = 1`,
    finding: 'missing-field',
    but: 'Service.hs:13 asks for a field ms in click, which is not declared',
    hint: 'did you mean "mss"?',
    at: '10:5',
  },
  {
    title: 'an undeclared field in a result',
    api: 'find: Text -> { user: Text }',
    code: `${click}find :: Text -> Click\nfind user = Click user 1`,
    finding: 'undeclared-field',
    but: 'Service.hs:13 returns a field ms, which is not declared',
    hint: 'a result holds exactly the declared fields: declare it, or leave it out',
    at: '10:5',
  },
  {
    title: 'a declared field that the result does not hold',
    api: 'find: Text -> [{ user: Text, ms: Integer, url: Text }]',
    code: `${click}find :: Text -> [Click]\nfind user = []`,
    finding: 'missing-result-field',
    but: 'Service.hs:13 returns no field url in result[], which is declared',
    hint: 'add url to Click',
    at: '13:1',
  },
  {
    title: 'a declared case that the code does not take',
    api: 'type Event = Click { user: Text } | Quit () | Scroll ()\n  score: Event -> Double',
    code: `${event}score :: Event -> Double\nscore event = 1`,
    finding: 'missing-case',
    but: 'Service.hs:12 does not take the case Scroll for event, which is declared',
    hint: 'add a constructor Scroll to the data type',
    at: '12:10',
  },
  {
    title: 'a case in a result that is not declared',
    api: 'type Event = Click { user: Text } | Scroll ()\n  pick: Text -> Event',
    code: `${event}pick :: Text -> Event\npick user = Quit`,
    finding: 'undeclared-case',
    but: 'Service.hs:12 may return the case Quit, which is not declared',
    at: '10:5',
  },
  {
    title: 'another type in a case',
    api: 'type Event = Click { user: Integer } | Quit ()\n  pick: Event -> Text',
    code: `${event}pick :: Event -> Text\npick event = ""`,
    finding: 'parameter-type',
    but: 'Service.hs:12 takes Text at event.Click.user, where Integer is declared',
    at: '9:13',
  },
  {
    title: 'a case whose field called value is declared to be the payload itself, as other languages have it',
    api: 'type Event = Amount Integer | Quit ()\n  pick: Event -> Text',
    code: 'data Event = Amount { value :: Int } | Quit\n\npick :: Event -> Text\npick event = ""',
    finding: 'parameter-type',
    but: 'Service.hs:10 takes a record with the field value (write Amount with an argument without a name) at event.Amount, where Integer is declared',
    at: '8:14',
  },
  {
    title: 'another payload of a case',
    api: 'type Event = Amount Integer | Quit ()\n  pick: Event -> Text',
    code: 'data Event = Amount Text | Quit\n\npick :: Event -> Text\npick event = ""',
    finding: 'parameter-type',
    but: 'Service.hs:10 takes Text at event.Amount, where Integer is declared',
    at: '8:14',
  },
  {
    title: 'a case whose arguments have no names',
    api: 'type Event = Move { x: Integer, y: Integer } | Quit ()\n  pick: Event -> Text',
    code: 'data Event = Move Int Int | Quit\n\npick :: Event -> Text\npick event = ""',
    finding: 'unsupported-hint',
    but: 'Service.hs:10 takes Move at event.Move, which is outside the type language: Move has 2 arguments without names; name its fields',
    at: '8:14',
  },
  {
    title: 'a declared optional that the code takes as certain',
    api: 'score: { user: Text, ms: optional Integer } -> Double',
    code: `${click}score :: Click -> Double\nscore click = 1`,
    finding: 'optional-not-taken',
    but: 'Service.hs:13 takes Int (Integer) at click.ms, where optional Integer is declared, which may be null or missing',
    hint: 'let the code take Nothing too, or declare it without optional',
    at: '10:5',
  },
  {
    title: 'a result that may be Nothing and is not declared optional',
    api: 'score: Text -> Double',
    code: 'score :: Text -> IO (Maybe Double)\nscore user = pure Nothing',
    finding: 'optional-result',
    but: 'Service.hs:8 may return Nothing, where Double is declared',
    hint: 'declare optional Double, or always return a value',
    at: '8:1',
  },
  {
    title: 'a list where a single value is declared',
    api: 'score: Text -> Double',
    code: 'score :: [Text] -> Double\nscore users = 1',
    finding: 'list-or-single',
    but: 'Service.hs:8 takes [Text] for users, where Text is declared',
    at: '8:10',
  },
  {
    title: 'a single value where a list is declared',
    api: 'score: Text -> [Double]',
    code: 'score :: Text -> Double\nscore user = 1',
    finding: 'list-or-single',
    but: 'Service.hs:8 returns Double, where [Double] is declared',
    hint: 'a list is declared, and the code has a single value',
    at: '8:1',
  },
  {
    title: 'a vectorised function with a wrong item',
    api: 'score: Text -> Double',
    code: 'score :: Vectorised Text Text\nscore = vectorised id',
    finding: 'result-type',
    but: 'Service.hs:8 returns Text at result[], where Double is declared',
    at: '8:1',
  },
  {
    title: 'a polymorphic function',
    api: 'score: Text -> Double',
    code: 'score :: Show a => a -> Double\nscore = fromIntegral . length . show',
    finding: 'function-kind',
    but: 'Service.hs:8 cannot be served: it is polymorphic: give it a plain type',
    at: '8:1',
  },
  {
    title: 'a function that takes a function',
    api: 'score: (Text, Text) -> Double',
    code: 'score :: (Int -> Int) -> Text -> Double\nscore f _ = 1',
    finding: 'unsupported-hint',
    but: 'Service.hs:8 takes (Int -> Int) for f, which is outside the type language: a function is no data',
    at: '8:10',
  },
  {
    title: 'a type outside the type language',
    api: 'score: [Integer] -> Integer',
    code: 'score :: Set Int -> Int\nscore ids = 1',
    finding: 'unsupported-hint',
    but: 'Service.hs:8 takes Set Int for ids, which is outside the type language: a set has no JSON; use a list',
    at: '8:10',
  },
  {
    title: 'a type deep in a record that is outside the type language',
    api: 'score: { at: Timestamp } -> Integer',
    code: 'data Click = Click { at :: Day }\n\nscore :: Click -> Int\nscore click = 1',
    finding: 'unsupported-hint',
    but: 'Service.hs:10 takes Day at click.at, which is outside the type language: use UTCTime (Timestamp) or Text',
    at: '8:22',
  },
  {
    title: 'a map whose keys are no Text',
    api: 'count: Text -> Map Integer',
    code: 'count :: Text -> Map Int Int\ncount text = mempty',
    finding: 'unsupported-hint',
    but: 'Service.hs:8 returns Map Int Int, which is outside the type language: the keys of a Map are Text, not Int',
    at: '8:1',
  },
  {
    title: 'a type that nobody has imported',
    api: 'score: { user: Text } -> Integer',
    head: 'module Service where\nimport Data.Text (Text)\n',
    code: 'score :: Clikc -> Int\nscore click = 1',
    finding: 'unsupported-hint',
    but: 'Service.hs:3 takes Clikc for click, which is outside the type language: the module neither defines nor imports that type',
    at: '3:10',
  },
  {
    title: 'a tuple of another length',
    api: 'split: Text -> (Text, Text)',
    code: 'split :: Text -> (Text, Text, Text)\nsplit text = (text, text, text)',
    finding: 'result-type',
    but: 'Service.hs:8 returns (Text, Text, Text), where (Text, Text) is declared',
    at: '8:1',
  },
  {
    title: 'a plain function for a source',
    api: 'ticks: Void -> Integer',
    code: 'ticks :: IO Integer\nticks = pure 1',
    finding: 'source-function',
    but: 'Service.hs:8 gives one result, where a source (Void -> Integer) is declared',
    at: '8:1',
  },
  {
    title: 'a source of other items',
    api: 'ticks: Void -> Integer',
    code: 'ticks :: Maybe Integer -> (Text -> Integer -> IO ()) -> IO ()\nticks _ emit = emit "a" 1',
    finding: 'result-type',
    but: 'Service.hs:8 returns Text, where Integer is declared',
    at: '8:1',
  },
  {
    title: 'a source where a plain function is declared',
    api: 'ticks: () -> [Integer]',
    code: 'ticks :: (Integer -> IO ()) -> IO ()\nticks emit = emit 1',
    finding: 'function-is-source',
    but: 'Service.hs:8 is a source, which gives its items one by one, where a plain function is declared',
    at: '8:1',
  },
];

/** How the message about a mismatch begins: the declaration as the api's last line has it, and its place in a manifest of four lines and more. */
export function declarationOf({ api }: Pick<Mismatch, 'api'>): string {
  const lines = api.split('\n');
  const [name, type] = (lines.at(-1) ?? '').trim().split(/\s*:\s(.*)/s);
  return `${name}: declared "${type}" at nstack.yaml:${lines.length + 3}:3`;
}
