package fr.relais.changelog;

import fr.relais.licence.Mentions;
import fr.relais.sweep.SweepSummary;
import java.util.List;
import java.util.UUID;

/**
 * What the public may know.
 *
 * @param feed the identity of this changelog, the same for ever
 * @param versions of the method, newest first
 * @param sweeps that ended, the newest first; only their counts are for the public, not their reasons
 * @param modifications sorted by id
 */
public record Reading(
        Mentions mentions,
        UUID feed,
        List<MethodVersion> versions,
        List<SweepSummary> sweeps,
        List<Modification> modifications) {}
