/** The boot ROM of the BL602 (JX-12F) and the vendor's flash loader in its RAM. */
export { Bl602BootStage, type Bl602Options } from './boot-stage.ts';
