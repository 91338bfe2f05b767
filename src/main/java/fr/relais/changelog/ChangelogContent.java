package fr.relais.changelog;

import fr.relais.licence.Mentions;
import fr.relais.sweep.SweepSummary;
import java.util.List;
import java.util.UUID;

/**
 * The content of the changelog, independent of the format.
 *
 * @param feed the identity of this changelog, which never changes
 * @param versions the versions of the method, newest first
 * @param sweeps the sweeps that have ended, newest first; their counts may be published, their reasons may not
 */
public record ChangelogContent(Mentions mentions, UUID feed, List<MethodVersion> versions, List<SweepSummary> sweeps) {}
