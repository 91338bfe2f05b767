package fr.relais.licence;

import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * What the notices say at an instant.
 *
 * @param notices all notices, in the order in which they were recorded
 */
public record LicenceStatus(List<LicenceNotice> notices, Instant at) {

    private static final Comparator<LicenceNotice> OLDEST_FIRST =
            Comparator.comparing(LicenceNotice::informedOn).thenComparing(LicenceNotice::id);

    /** The state of a notice. {@link #REPLACED}: the version was in force, and a later one is now. */
    public enum State {
        PENDING,
        ACCEPTED,
        REFUSED,
        IN_FORCE,
        REPLACED,
        WITHDRAWN;

        @Override
        public String toString() {
            return name().toLowerCase(Locale.ROOT).replace('_', ' ');
        }
    }

    /** Returns the notice of the version in force; empty while the version before all notices is in force. */
    public Optional<LicenceNotice> inForce() {
        return notices.stream().filter(this::binds).max(OLDEST_FIRST);
    }

    /** Returns the notices that still can be refused and about which nobody has decided, the first deadline first. */
    public List<LicenceNotice> pending() {
        return notices.stream()
                .filter(notice -> state(notice) == State.PENDING)
                .sorted(OLDEST_FIRST)
                .toList();
    }

    /** Returns the refused notices, oldest first, except those that a later version in force has settled. */
    public List<LicenceNotice> refused() {
        Optional<LicenceNotice> inForce = inForce();
        return notices.stream()
                .filter(LicenceNotice::isRefused)
                .filter(notice -> inForce.isEmpty() || OLDEST_FIRST.compare(notice, inForce.get()) > 0)
                .sorted(OLDEST_FIRST)
                .toList();
    }

    /** Returns the state of one of the notices. */
    public State state(LicenceNotice notice) {
        if (notice.withdrawnAt() != null) {
            return State.WITHDRAWN;
        } else if (notice.isRefused()) {
            return State.REFUSED;
        } else if (!binds(notice)) {
            return notice.decision() == null ? State.PENDING : State.ACCEPTED;
        }
        return inForce().filter(notice::equals).isPresent() ? State.IN_FORCE : State.REPLACED;
    }

    private boolean binds(LicenceNotice notice) {
        return notice.bindsFrom().filter(from -> !at.isBefore(from)).isPresent();
    }
}
