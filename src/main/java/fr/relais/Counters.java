package fr.relais;

import fr.relais.database.CommitTimes;
import fr.relais.events.Outbox;
import fr.relais.source.CallCounts;
import fr.relais.source.Throttle;
import fr.relais.sweep.SweepState;
import fr.relais.sweep.Sweeps;
import java.time.Duration;

/** What this process has done since its start. Each number only grows. {@code Views} has the numbers of views. */
public final class Counters {

    private final CallCounts calls;
    private final Throttle throttle;
    private final Sweeps sweeps;
    private final Outbox outbox;
    private final CommitTimes pipelineCommits;
    private final CommitTimes webCommits;

    Counters(
            CallCounts calls,
            Throttle throttle,
            Sweeps sweeps,
            Outbox outbox,
            CommitTimes pipelineCommits,
            CommitTimes webCommits) {
        this.calls = calls;
        this.throttle = throttle;
        this.sweeps = sweeps;
        this.outbox = outbox;
        this.pipelineCommits = pipelineCommits;
        this.webCommits = webCommits;
    }

    /**
     * Returns the number of calls to the source, including those for a token.
     *
     * @param status one of {@link CallCounts#STATUSES}
     */
    public long calls(String status) {
        return calls.count(status);
    }

    /** Returns the time that calls to the source have waited for their turn, together. */
    public Duration throttled() {
        return throttle.waited();
    }

    /** Returns the sweeps that ended in a state: proved, held or incomplete. */
    public Sweeps.Ended sweeps(SweepState state) {
        return sweeps.ended(state);
    }

    /** Returns the number of delivered events. */
    public long deliveredEvents() {
        return outbox.delivered();
    }

    /** Returns the commits over the pipeline's connections. Single statements commit themselves and do not count. */
    public CommitTimes pipelineCommits() {
        return pipelineCommits;
    }

    /** Returns the commits over the connections for which visitors wait, such as those of views. */
    public CommitTimes webCommits() {
        return webCommits;
    }
}
