import { render } from 'preact';
import './styles/tokens.css';
import './styles/base.css';
import './styles/shell.css';
import './styles/parts.css';
import './styles/analyse.css';
import './styles/result.css';
import './styles/tables.css';
import './styles/print.css';
import { App } from './app';

const root = document.getElementById('app');
if (root) render(<App />, root);
