package fr.relais;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import fr.relais.EventReceiver.Event;
import fr.relais.EventReceiver.Fault;
import fr.relais.MirrorProcess.Crash;
import fr.relais.MirrorProcess.Work;
import fr.relais.simulator.SimulatorOptions;
import fr.relais.simulator.SourceSimulator;
import fr.relais.sweep.SweepState;
import fr.relais.sweep.SweepSummary;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Events of a source that changes twenty times a second, while processes are killed and the receiver fails. Each test
 * prints its seed; {@code mvn -Plong verify -Dit.test=EventHistoryIT -Dtests.seed=N} repeats it, except for the moment
 * at which a process is killed. {@code -Dtests.deliveries=N} runs N tests.
 */
@ExtendWith(Seeds.class)
@Tag("long")
@Execution(ExecutionMode.CONCURRENT)
class EventHistoryIT {

    private static final int KILLS = 2;

    static Stream<Integer> seeds() {
        return Seeds.draw(Integer.getInteger("tests.deliveries", 1));
    }

    @ParameterizedTest(name = "seed {0}")
    @MethodSource("seeds")
    void a_receiver_ends_with_the_offers_of_the_mirror_whatever_dies_or_fails(int seed) throws Exception {
        Random random = new Random(seed);
        ScheduledExecutorService changes = Executors.newSingleThreadScheduledExecutor();
        try (SourceSimulator source = SourceSimulator.start(SimulatorOptions.defaults());
                EventReceiver receiver = EventReceiver.start();
                Mirror mirror = Mirror.of(source)
                        .with("relais.removal.guard", "1")
                        .with("relais.events.uri", receiver.uri())
                        .with("relais.events.initial", "true")) {
            History history = new History(source.base(), new Random(random.nextInt()));
            history.proceed(100);
            receiver.faults(faults(new Random(random.nextInt())));
            changes.scheduleAtFixedRate(() -> history.proceed(1), 0, 50, TimeUnit.MILLISECONDS);
            for (int kill = 0; kill < KILLS; kill++) {
                try (MirrorProcess process = MirrorProcess.start(mirror, Crash.NONE, Work.FOLLOW)) {
                    int enough = receiver.received() + 1 + random.nextInt(60);
                    await().atMost(Duration.ofSeconds(90)).until(() -> receiver.received() >= enough);
                    process.signal("KILL");
                    assertThat(process.awaitEnd()).isEqualTo(MirrorProcess.KILLED);
                }
                // Otherwise the lease of the dead process would last for 30 seconds.
                mirror.jdbc.sql("update lease set expires_at = '2000-01-01'").update();
            }
            changes.shutdown();
            assertThat(changes.awaitTermination(60, TimeUnit.SECONDS)).isTrue();
            receiver.faults(() -> Fault.NONE);

            mirror.start();
            // The first sweep may resume that of the killed process, which began before the last change.
            sweep(mirror);
            sweep(mirror);
            mirror.deliverEvents();

            assertThat(receiver.ids())
                    .isEqualTo(mirror.offers().keySet())
                    .isEqualTo(Mirror.offers(source, "1").keySet());
            assertThat(history.removed()).as("removed offers").isNotEmpty();
            Map<String, List<Event>> byId = receiver.take().stream()
                    .collect(Collectors.groupingBy(Event::id, TreeMap::new, Collectors.toList()));
            System.out.println("Seed " + seed + ": " + byId.size() + " offers, "
                    + byId.values().stream().mapToInt(List::size).sum() + " deliveries of "
                    + byId.values().stream()
                            .mapToInt(events -> new HashSet<>(events).size())
                            .sum() + " events");
            byId.values().forEach(EventHistoryIT::assertOrder);
        } finally {
            changes.shutdownNow();
        }
    }

    /** Returns faults of single deliveries, and outages in which up to 20 deliveries in a row fail. */
    private static EventReceiver.Faults faults(Random random) {
        int[] outage = new int[1];
        return () -> {
            if (outage[0] > 0) {
                outage[0]--;
                return Fault.REFUSED;
            }
            int dice = random.nextInt(100);
            if (dice == 0) {
                outage[0] = random.nextInt(20);
            }
            return dice < 5 ? Fault.REFUSED : dice < 10 ? Fault.ANSWER_LOST : Fault.NONE;
        };
    }

    private static void sweep(Mirror mirror) {
        SweepSummary summary = mirror.sweep();
        assertThat(summary.state()).as(summary.toString()).isEqualTo(SweepState.PROVED);
    }

    /**
     * Checks the order of an offer's events, without repeated deliveries. Two pages that show a new offer at the same
     * time may both create it.
     */
    private static void assertOrder(List<Event> events) {
        List<Event> distinct = events.stream().distinct().toList();
        assertThat(distinct).extracting(Event::at).isSorted();
        Event previous = null;
        for (Event event : distinct) {
            boolean isThere = previous != null && !previous.event().equals("offer.removed");
            boolean isCreated = event.event().equals("offer.created");
            assertThat(isThere ? !isCreated || event.sweep().equals(previous.sweep()) : isCreated)
                    .as("%s in %s", event, distinct)
                    .isTrue();
            previous = event;
        }
    }
}
