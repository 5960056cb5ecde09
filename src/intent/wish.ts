/** What a message wants, before it is known which directives there are. */
export type Wish =
  | { kind: 'greet' | 'thanks' | 'who' | 'again' | 'yes' | 'no' | 'guide' }
  | { kind: 'list'; type: ItemType; query: string }
  | { kind: 'explain'; about: string }
  | { kind: 'system'; item: string }
  | { kind: 'status'; about: string; failed: boolean; since?: string; why: boolean }
  | { kind: 'cancel'; about: string }
  | { kind: 'forbid' }
  | { kind: 'pick'; index: number }
  | { kind: 'also'; about: string }
  | { kind: 'run'; request: string; explicit: boolean };

export type ItemType = 'directive' | 'tool' | 'knowledge' | 'execution' | 'thread';
