import { storeUnderTest } from '../support/lane.ts';
import { openStore } from '../support/stores.ts';
import { selfCheckContract } from './storage-contract.ts';

selfCheckContract(storeUnderTest(), openStore);
