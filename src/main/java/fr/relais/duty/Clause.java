package fr.relais.duty;

import java.time.LocalDate;
import java.util.List;
import java.util.Optional;

/**
 * A clause of the licence, as a profile describes it. The texts are in French, for operators and auditors.
 *
 * @param article the number of the article, such as {@code 5.2}
 * @param duty the duty in one sentence
 * @param mechanism how Relais discharges the duty
 * @param settings the settings on which that depends
 * @param evidence where an auditor finds the proof
 * @param pages the paths of the pages with the proof, in the console and on the public site
 * @param exemption why the clause does not apply; empty when it applies
 */
public record Clause(
        String id,
        String article,
        String duty,
        String mechanism,
        List<String> settings,
        String evidence,
        List<String> pages,
        Check check,
        Optional<Exemption> exemption) {

    /** Why a clause does not apply, who says so, and since when. */
    public record Exemption(String reason, String author, LocalDate date) {}
}
