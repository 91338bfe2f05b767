/**
 * A simulation of the source's API. All tests, the development run and the benchmark call this server instead of the
 * real one. Start with {@link fr.relais.simulator.SourceSimulator}, and fill its
 * {@link fr.relais.simulator.SimulatedBase} with an {@link fr.relais.simulator.OfferGenerator}. Terms of the API
 * (fields, parameters, headers) keep their French names.
 */
package fr.relais.simulator;
