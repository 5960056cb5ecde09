import { ask, type Domain, explain, list, nothing, run, status } from '../case.js';

export const marketing: Domain = {
  name: 'marketing',
  directives: {
    send_newsletter: {
      description: 'Sends the newsletter to a list of subscribers',
      inputs: {
        list: { type: 'string', enum: ['customers', 'prospects', 'partners'], required: true },
        subject: { type: 'string', description: 'The subject line', required: true },
      },
    },
    schedule_post: {
      description: 'Schedules a post on a social network',
      inputs: {
        network: { type: 'string', enum: ['mastodon', 'linkedin', 'bluesky'], required: true },
        text: { type: 'string', description: 'The text of the post', required: true },
      },
    },
    scrape_competitors: {
      description: 'Collects prices from the pages of competitors',
      inputs: {
        url: {
          type: 'string',
          format: 'uri',
          description: 'The page to begin at',
          required: false,
        },
      },
    },
    clean_contacts: { description: 'Finds duplicates among the contacts and merges them' },
    purge_unsubscribed: { description: 'Removes everybody who unsubscribed from all lists' },
    campaign_report: {
      description: 'Reports opens and clicks of a campaign',
      inputs: {
        campaign: { type: 'string', description: 'The name of the campaign', required: true },
        days: { type: 'integer', default: 7, required: false },
      },
    },
    invite_contact: {
      description: 'Invites a person to an event by e-mail',
      inputs: {
        email: { type: 'string', format: 'email', required: true },
        event: { type: 'string', required: true },
      },
    },
  },
  cases: [
    [
      'send the newsletter to customers with subject "Winter news"',
      run('send_newsletter', { list: 'customers', subject: 'Winter news' }),
    ],
    [
      'send newsletter list=partners subject="Hi there"',
      run('send_newsletter', { list: 'partners', subject: 'Hi there' }),
    ],
    [
      'send the newsletter to prospects',
      ask('send_newsletter'),
      '"New prices"',
      run('send_newsletter', { list: 'prospects', subject: 'New prices' }),
    ],
    [
      'send the newsletter',
      ask('send_newsletter'),
      'list=customers subject="Sale"',
      run('send_newsletter', { list: 'customers', subject: 'Sale' }),
    ],
    [
      'schedule a post on mastodon with text "We are hiring"',
      run('schedule_post', { network: 'mastodon', text: 'We are hiring' }),
    ],
    [
      'please schedule a linkedin post "Meet us"',
      run('schedule_post', { network: 'linkedin', text: 'Meet us' }),
    ],
    [
      'schedule a post on bluesky',
      ask('schedule_post'),
      '"Good morning"',
      run('schedule_post', { network: 'bluesky', text: 'Good morning' }),
    ],
    ['scrape the competitors', run('scrape_competitors')],
    [
      'scrape competitors starting at https://example.com/prices',
      run('scrape_competitors', { url: 'https://example.com/prices' }),
    ],
    ['collect the prices of competitors', run('scrape_competitors')],
    ['clean the contacts', run('clean_contacts')],
    ['clean up our contacts please', run('clean_contacts')],
    ['merge duplicate contacts', run('clean_contacts')],
    ['purge unsubscribed', ask('purge_unsubscribed'), 'yes', run('purge_unsubscribed')],
    ['remove everybody who unsubscribed', ask('purge_unsubscribed'), 'no thanks', nothing],
    ['campaign report for campaign spring', run('campaign_report', { campaign: 'spring' })],
    [
      'report on the autumn campaign for 30 days',
      run('campaign_report', { campaign: 'autumn', days: 30 }),
    ],
    [
      'campaign report',
      ask('campaign_report'),
      'black friday',
      run('campaign_report', { campaign: 'black friday' }),
    ],
    [
      'invite anna@example.com to event launch',
      run('invite_contact', { email: 'anna@example.com', event: 'launch' }),
    ],
    [
      'invite contact email=bob@example.org event=gala',
      run('invite_contact', { email: 'bob@example.org', event: 'gala' }),
    ],
    [
      'invite carl@example.net',
      ask('invite_contact'),
      'event=meetup',
      run('invite_contact', { email: 'carl@example.net', event: 'meetup' }),
    ],
    ['what tools do we have for scraping?', list('tool', /scrap/)],
    ['list directives for campaigns', list('directive', /campaign/)],
    ['which directives can send mails?', list('directive')],
    ['search for newsletters', list('directive', /newsletter/)],
    ['help me set up a newsletter', explain('send_newsletter')],
    ['how do I invite a contact?', explain('invite_contact')],
    ['tell me about clean_contacts', explain('clean_contacts')],
    ['what went wrong?', status({ failed: true, why: true })],
    ['which runs failed this week?', status({ failed: true, since: '168h' })],
    ['clean the contacts', run('clean_contacts'), 'once more', run('clean_contacts')],
    [
      'campaign report for campaign spring',
      run('campaign_report', { campaign: 'spring' }),
      'and for campaign summer',
      run('campaign_report', { campaign: 'summer' }),
    ],
    ['good morning', nothing],
    ['tell me a joke', nothing],
    ['never send the newsletter', nothing],
  ],
};
