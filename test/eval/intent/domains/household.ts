import { ask, cancel, type Domain, explain, list, nothing, run, status } from '../case.js';

export const household: Domain = {
  name: 'household',
  directives: {
    set_temperature: {
      description: 'Sets the temperature of a room',
      inputs: {
        room: {
          type: 'string',
          enum: ['kitchen', 'bedroom', 'bathroom', 'office'],
          required: true,
        },
        degrees: { type: 'number', required: true },
      },
    },
    water_plants: {
      description: 'Waters the plants',
      inputs: { minutes: { type: 'integer', default: 5, required: false } },
    },
    lights_off: { description: 'Turns all lights off' },
    feed_cat: {
      description: 'Gives the cat its food',
      inputs: { portions: { type: 'integer', default: 1, required: false } },
    },
    open_garage: { description: 'Opens the garage door' },
    shopping_list: {
      description: 'Adds items to the shopping list',
      inputs: { items: { type: 'array', required: true } },
    },
    play_music: {
      description: 'Plays music by an artist',
      inputs: {
        artist: { type: 'string', required: true },
        volume: { type: 'integer', required: false },
      },
    },
    reset_router: { description: 'Resets the router to factory settings' },
  },
  cases: [
    [
      'set the temperature of the kitchen to 21',
      run('set_temperature', { room: 'kitchen', degrees: 21 }),
    ],
    [
      'set temperature in the bedroom to 18.5 degrees',
      run('set_temperature', { room: 'bedroom', degrees: 18.5 }),
    ],
    [
      'set the temperature room=office degrees=20',
      run('set_temperature', { room: 'office', degrees: 20 }),
    ],
    [
      'set the temperature to 22',
      ask('set_temperature'),
      'bathroom',
      run('set_temperature', { room: 'bathroom', degrees: 22 }),
    ],
    [
      'set the temperature in the office',
      ask('set_temperature'),
      '19',
      run('set_temperature', { room: 'office', degrees: 19 }),
    ],
    ['water the plants', run('water_plants')],
    ['please water the plants for 10 minutes', run('water_plants', { minutes: 10 })],
    ['watre the plants', run('water_plants')],
    ['lights off', run('lights_off')],
    ['turn the lights off please', run('lights_off')],
    ['turn off all lights', run('lights_off')],
    ['feed the cat', run('feed_cat')],
    ['feed the cat with 2 portions', run('feed_cat', { portions: 2 })],
    ['hey can you feed the cat?', run('feed_cat')],
    ['open the garage', run('open_garage')],
    ['open garage door', run('open_garage')],
    ['would you mind opening the garage', run('open_garage')],
    [
      'shopping list items milk, bread and eggs',
      run('shopping_list', { items: ['milk', 'bread', 'eggs'] }),
    ],
    ['play music by artist Bowie', run('play_music', { artist: 'Bowie' })],
    ['play music by "Nina Simone"', run('play_music', { artist: 'Nina Simone' })],
    ['play some music', ask('play_music'), 'Mozart', run('play_music', { artist: 'Mozart' })],
    ['reset the router', ask('reset_router'), 'yes, go ahead', run('reset_router')],
    ['reset router', ask('reset_router'), 'rather not', nothing],
    ['what can I do here?', nothing],
    ['list the directives', list()],
    ['is there anything for music?', list('directive', /music/)],
    ['what does water_plants do?', explain('water_plants')],
    ['how do I set the temperature?', explain('set_temperature')],
    ['status', status()],
    ['how is it going', status()],
    ['did the last run work?', status()],
    ['water the plants', run('water_plants'), 'stop it', cancel],
    ['feed the cat', run('feed_cat'), 'do it again', run('feed_cat')],
    [
      'set the temperature of the kitchen to 21',
      run('set_temperature', { room: 'kitchen', degrees: 21 }),
      'and the bedroom too',
      run('set_temperature', { room: 'bedroom', degrees: 21 }),
    ],
    ["please don't open the garage", nothing],
    ['yo', nothing],
    ['the weather is nice', nothing],
  ],
};
