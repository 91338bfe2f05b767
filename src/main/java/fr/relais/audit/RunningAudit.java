package fr.relais.audit;

import java.time.Instant;
import java.util.List;
import java.util.TreeSet;

/** The counts of a self-audit that is running. Several threads compare its offers. */
public final class RunningAudit {

    private final TreeSet<String> suspects = new TreeSet<>();
    private final TreeSet<String> fields = new TreeSet<>();
    private boolean isSecondLook;
    private int equal;
    private int changed;
    private int gone;
    private int unanswered;
    private int different;

    RunningAudit() {}

    /** Returns whether offers differ that may have been updated since the mirror read them. */
    public synchronized boolean hasSuspects() {
        return !suspects.isEmpty();
    }

    /** Returns the ids of these offers. */
    public synchronized List<String> suspects() {
        return List.copyOf(suspects);
    }

    /** Begins the second look. In it, an equal offer counts as changed, and a differing offer as different. */
    synchronized void beginSecondLook() {
        isSecondLook = true;
    }

    synchronized void countEqual() {
        if (isSecondLook) {
            changed++;
        } else {
            equal++;
        }
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

    synchronized void countDifferent(String id, List<String> differing) {
        if (isSecondLook) {
            different++;
            fields.addAll(differing);
        } else {
            suspects.add(id);
        }
    }

    synchronized SelfAudit result(Instant at) {
        int undecided = isSecondLook ? 0 : suspects.size();
        return new SelfAudit(at, equal, changed, gone, unanswered + undecided, different, List.copyOf(fields));
    }
}
