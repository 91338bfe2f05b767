package fr.relais.audit;

import java.time.Instant;
import java.util.List;
import java.util.TreeSet;

/** The counts of a self-audit that is running. Several threads compare its offers. */
public final class RunningAudit {

    private final TreeSet<String> fields = new TreeSet<>();
    private int equal;
    private int changed;
    private int gone;
    private int unanswered;
    private int different;

    RunningAudit() {}

    synchronized void countEqual() {
        equal++;
    }

    synchronized void countChanged() {
        changed++;
    }

    synchronized void countGone() {
        gone++;
    }

    synchronized void countUnanswered() {
        unanswered++;
    }

    synchronized void countDifferent(List<String> differing) {
        different++;
        fields.addAll(differing);
    }

    synchronized SelfAudit result(Instant at) {
        return new SelfAudit(at, equal, changed, gone, unanswered, different, List.copyOf(fields));
    }
}
