package fr.relais.changelog;

import fr.relais.licence.Mentions;
import fr.relais.sweep.SweepSummary;
import java.util.List;
import java.util.UUID;

/**
 * The content of the changelog, whatever its form.
 *
 * @param feed the identity of this changelog, which never changes
 * @param versions of the method, newest first
 * @param sweeps that ended, newest first; their counts are for the public, their reasons are not
 * @param modifications sorted by id
 */
public record ChangelogContent(
        Mentions mentions,
        UUID feed,
        List<MethodVersion> versions,
        List<SweepSummary> sweeps,
        List<Modification> modifications) {}
