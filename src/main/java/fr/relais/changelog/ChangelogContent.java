package fr.relais.changelog;

import fr.relais.ledger.Anchor;
import fr.relais.licence.Mentions;
import fr.relais.sweep.SweepSummary;
import java.util.List;
import java.util.Optional;
import java.util.UUID;

/**
 * The content of the changelog, independent of the format.
 *
 * @param feed the identity of this changelog, which never changes
 * @param versions the versions of the method, newest first
 * @param sweeps the sweeps that have ended, newest first; their counts may be published, their reasons may not
 * @param anchor the place of the last sweep in the ledger, so that nobody can rewrite the ledger unnoticed
 */
public record ChangelogContent(
        Mentions mentions,
        UUID feed,
        List<MethodVersion> versions,
        List<SweepSummary> sweeps,
        Optional<Anchor> anchor) {}
