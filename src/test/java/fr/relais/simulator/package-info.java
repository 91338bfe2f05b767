/**
 * The source API, simulated: every test, the development run and the benchmark talk to this server instead of the real
 * one. Start with {@link fr.relais.simulator.SourceSimulator}; fill its {@link fr.relais.simulator.SimulatedBase} by an
 * {@link fr.relais.simulator.OfferGenerator}. Words of the API (fields, parameters, headers) keep their French names.
 */
package fr.relais.simulator;
