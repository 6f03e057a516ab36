// Every formula that gradc prints is set by KaTeX, in strict mode, without a warning.
//
//   node check_katex.js KATEX GRADC FOLDER …   golden files (*.expected) as they stand; models (*.grad) by
//                                              gradc, step by step and as matrices
'use strict';
const {execFileSync} = require('child_process');
const fs = require('fs');
const path = require('path');

const [katexFile, gradc, ...folders] = process.argv.slice(2);
const katex = require(katexFile);
let formulas = 0, faults = 0;

function set(latex, where) {
  ++formulas;
  try {
    katex.renderToString(latex, {displayMode: true, strict: 'error', throwOnError: true, trust: false, maxExpand: 1e6});
  } catch (fault) {
    ++faults;
    console.log(`${where}: ${fault.message}\n${latex}`);
  }
}

function setAll(text, where) {
  for (const found of text.matchAll(/\\begin\{(align\*?)\}[^]*?\\end\{\1\}/g)) set(found[0], where);
}

function printed(model, ...options) {
  try {
    return execFileSync(gradc, ['diff', model, '--format', 'latex', ...options], {encoding: 'utf8', stdio: 'pipe'});
  } catch (fault) {
    if (fault.status !== 1) throw fault;  // a model with mistakes, or no derivative to ask for
    return '';
  }
}

console.warn = (...words) => { ++faults; console.log('warning:', ...words); };
for (const folder of folders)
  for (const name of fs.readdirSync(folder).sort()) {
    const file = path.join(folder, name);
    if (name.endsWith('.expected')) setAll(fs.readFileSync(file, 'utf8'), file);
    if (name.endsWith('.grad') && !folder.includes('golden'))
      for (const options of [['--steps'], ['--style', 'matrix', '--update']])
        setAll(printed(file, ...options), `${file} ${options.join(' ')}`);
  }
console.log(`${formulas} formulas, ${faults} faults`);
process.exit(faults > 0 || formulas < 150 ? 1 : 0);
