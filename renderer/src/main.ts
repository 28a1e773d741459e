import './strict-csp.ts';
import { chooseDial } from './link/index.ts';
import { chooseCarrier } from './files/index.ts';
import { keepAwake } from './keep-awake.ts';
import { mountApp } from './mount.ts';
import { createSounder } from './sound/index.ts';

mountApp(window, { dial: chooseDial(window), sounder: createSounder(window), files: chooseCarrier(window) });
keepAwake(window);
