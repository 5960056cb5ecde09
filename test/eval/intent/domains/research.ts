import { ask, type Domain, explain, list, nothing, run, status, system } from '../case.js';

export const research: Domain = {
  name: 'research',
  directives: {
    train_model: {
      description: 'Trains a model on a dataset',
      inputs: {
        dataset: { type: 'string', required: true },
        epochs: { type: 'integer', default: 10, required: false },
        gpu: { type: 'boolean', default: false, required: false },
      },
    },
    evaluate_model: {
      description: 'Measures a trained model on the test set',
      inputs: { model: { type: 'string', required: true } },
    },
    download_dataset: {
      description: 'Downloads a dataset from a URL',
      inputs: { url: { type: 'string', format: 'uri', required: true } },
    },
    plot_results: {
      description: 'Draws charts of the results of an experiment',
      inputs: {
        experiment: { type: 'string', required: true },
        kind: {
          type: 'string',
          enum: ['line', 'bar', 'scatter'],
          default: 'line',
          required: false,
        },
      },
    },
    erase_experiment: {
      description: 'Erases an experiment with its results',
      inputs: { experiment: { type: 'string', required: true } },
    },
    summarize_paper: {
      description: 'Summarises a paper in a few sentences',
      inputs: { file: { type: 'string', description: 'Path of the PDF file', required: true } },
    },
    tag_samples: {
      description: 'Adds tags to samples',
      inputs: { tags: { type: 'array', required: true } },
    },
  },
  cases: [
    ['train a model on the iris dataset', run('train_model', { dataset: 'iris' })],
    ['train model dataset=mnist epochs=20', run('train_model', { dataset: 'mnist', epochs: 20 })],
    [
      'train the model on dataset wine for 5 epochs',
      run('train_model', { dataset: 'wine', epochs: 5 }),
    ],
    [
      'train the model on dataset wine with gpu',
      run('train_model', { dataset: 'wine', gpu: true }),
    ],
    ['train a model', ask('train_model'), 'titanic', run('train_model', { dataset: 'titanic' })],
    ['evaluate model resnet', run('evaluate_model', { model: 'resnet' })],
    ['could you evaluate the bert model', run('evaluate_model', { model: 'bert' })],
    ['evaluate the model', ask('evaluate_model'), 'the one called gpt', { ask: true }],
    [
      'download dataset from https://example.org/data.csv',
      run('download_dataset', { url: 'https://example.org/data.csv' }),
    ],
    [
      'download the dataset',
      ask('download_dataset'),
      'https://example.org/x.zip',
      run('download_dataset', { url: 'https://example.org/x.zip' }),
    ],
    ['plot the results of experiment alpha', run('plot_results', { experiment: 'alpha' })],
    [
      'plot results of experiment beta as a bar chart',
      run('plot_results', { experiment: 'beta', kind: 'bar' }),
    ],
    [
      'plot results experiment=gamma kind=scatter',
      run('plot_results', { experiment: 'gamma', kind: 'scatter' }),
    ],
    ['plot results', ask('plot_results'), 'delta', run('plot_results', { experiment: 'delta' })],
    [
      'erase experiment alpha',
      ask('erase_experiment'),
      'do it',
      run('erase_experiment', { experiment: 'alpha' }),
    ],
    ['erase the experiment beta', ask('erase_experiment'), 'stop', nothing],
    ['throw away an experiment', ask(true)],
    [
      'summarize the paper papers/attention.pdf',
      run('summarize_paper', { file: 'papers/attention.pdf' }),
    ],
    ['summarise paper file=notes.pdf', run('summarize_paper', { file: 'notes.pdf' })],
    [
      'summarize a paper',
      ask('summarize_paper'),
      'docs/one.pdf',
      run('summarize_paper', { file: 'docs/one.pdf' }),
    ],
    [
      'tag samples with tags red, green and blue',
      run('tag_samples', { tags: ['red', 'green', 'blue'] }),
    ],
    ['tag samples tags=["a","b"]', run('tag_samples', { tags: ['a', 'b'] })],
    ['what is available?', list()],
    ['show me all directives', list()],
    ['find something for plots', list('directive', /plot/)],
    ['what do we have about datasets?', list('directive', /dataset/)],
    ['do we have knowledge about datasets?', list('knowledge', /dataset/)],
    ['what does train_model do?', explain('train_model')],
    ['describe plot_results', explain('plot_results')],
    ['how do I download a dataset?', explain('download_dataset')],
    ['is the training done?', status()],
    ['what is still running?', status()],
    ['what failed in the last 3 hours?', status({ failed: true, since: '3h' })],
    ['what architecture is this machine?', system('runtime')],
    [
      'train a model on the iris dataset',
      run('train_model', { dataset: 'iris' }),
      'run it again',
      run('train_model', { dataset: 'iris' }),
    ],
    [
      'plot the results of experiment alpha',
      run('plot_results', { experiment: 'alpha' }),
      'what about experiment omega',
      run('plot_results', { experiment: 'omega' }),
    ],
    ['hi there', nothing],
    ['what is the meaning of life?', nothing],
  ],
};
