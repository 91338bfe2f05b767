package fr.relais.routes;

import java.time.Instant;

/**
 * A failure of a route.
 *
 * @param at when the route ended with it
 * @param text a description that quotes nothing of an offer, see {@link fr.relais.failure.Failures#describe}
 */
public record RouteFailure(Instant at, String text) {}
