package fr.relais.changelog;

import fr.relais.audit.SelfAudit;
import fr.relais.ledger.Anchor;
import fr.relais.licence.Mentions;
import fr.relais.sweep.SweepSummary;
import java.math.BigDecimal;
import java.math.MathContext;
import java.math.RoundingMode;
import java.text.NumberFormat;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.UUID;

/**
 * The content of the changelog, independent of the format.
 *
 * @param feed the identity of this changelog, which never changes
 * @param versions the versions of the method, newest first
 * @param sweeps the sweeps that have ended, newest first; their counts may be published, their reasons may not
 * @param anchor the place of the last sweep in the ledger, so that nobody can rewrite the ledger unnoticed
 * @param selfAudit the last comparison of random offers with the source
 */
public record ChangelogContent(
        Mentions mentions,
        UUID feed,
        List<MethodVersion> versions,
        List<SweepSummary> sweeps,
        Optional<Anchor> anchor,
        Optional<SelfAudit> selfAudit) {

    /** Returns the result of a self-audit in words, in French. */
    public static String inWords(SelfAudit audit) {
        NumberFormat number = NumberFormat.getInstance(Locale.FRANCE);
        // Rounded up, so that the bound still holds.
        BigDecimal percent = BigDecimal.valueOf(100 * audit.bound()).round(new MathContext(2, RoundingMode.CEILING));
        return String.format(
                Mentions.TEXTS.getString("changelog.audit.text"),
                number.format(audit.compared()),
                number.format(audit.different()),
                number.format(percent));
    }
}
