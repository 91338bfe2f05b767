package fr.relais;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import ch.qos.logback.classic.Level;
import fr.relais.EventReceiver.Event;
import fr.relais.EventReceiver.Fault;
import fr.relais.simulator.SimulatorOptions;
import fr.relais.simulator.SourceSimulator;
import fr.relais.sweep.SweepState;
import fr.relais.sweep.SweepSummary;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.apache.camel.builder.AdviceWith;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Integration tests of the events, with a receiver that is reached by HTTP. */
@Tag("long")
class EventsIT {

    private SourceSimulator source;
    private EventReceiver receiver;
    private Mirror mirror;

    @BeforeEach
    void start() throws Exception {
        source = SourceSimulator.start(SimulatorOptions.defaults());
        receiver = EventReceiver.start();
        mirror = Mirror.of(source)
                .with("relais.removal.guard", "1")
                .with("relais.events.uri", receiver.uri())
                .with("relais.events.initial", "true");
        put("A000001", 1);
        put("A000002", 1);
    }

    @AfterEach
    void stop() {
        mirror.close();
        receiver.close();
        source.close();
    }

    @Test
    void each_change_of_an_offer_is_an_event_with_its_id_and_nothing_else_of_the_offer() throws Exception {
        mirror.start();
        sweep();
        deliver();
        assertThat(receiver.take()).hasToString("[offer.created A000001, offer.created A000002]");

        put("A000001", 2);
        source.base().remove("A000002");
        Instant before = Instant.now().minusMillis(2);
        sweep();
        deliver();

        List<Event> events = receiver.take();
        assertThat(events).hasToString("[offer.updated A000001, offer.removed A000002]");
        assertThat(events).allSatisfy(event -> {
            assertThat(event.sweep()).isEqualTo(2);
            assertThat(Instant.parse(event.at())).isBetween(before, Instant.now());
        });
        assertThat(waiting()).isZero();

        sweep();
        deliver();
        assertThat(receiver.take()).as("events of unchanged offers").isEmpty();
    }

    @Test
    void the_first_sweep_of_an_empty_mirror_sends_no_events_by_default() throws Exception {
        mirror.with("relais.events.initial", "false").start();
        sweep();
        deliver();
        assertThat(receiver.take()).isEmpty();

        put("A000003", 1);
        sweep();
        deliver();
        assertThat(receiver.take()).hasToString("[offer.created A000003]");
    }

    @Test
    void without_an_endpoint_no_event_is_recorded_and_waiting_events_are_dropped() throws Exception {
        mirror.start();
        sweep();
        assertThat(waiting()).isEqualTo(2);
        mirror.with("relais.events.uri", "").start();

        source.base().remove("A000002");
        put("A000003", 1);
        sweep();
        assertThat(waiting()).isEqualTo(2);
        assertThatThrownBy(() -> mirror.relais().replayEvents())
                .hasRootCauseMessage("Events cannot be replayed, because relais.events.uri is empty");

        dropExpired();
        assertThat(mirror.jdbc
                        .sql("select event from outbox")
                        .query(String.class)
                        .list())
                .containsExactly("replay-needed");
        assertThat(mirror.alerts()).isEmpty();
    }

    @Test
    void events_wait_in_order_for_a_receiver_that_is_down_and_delay_no_sweep() throws Exception {
        mirror.start();
        receiver.faults(() -> Fault.REFUSED);
        sweep();
        try (CapturedLog log = CapturedLog.ofApplication(Level.INFO)) {
            deliver();
            deliver();
            assertThat(log.all())
                    .filteredOn(line -> line.contains("Events cannot be delivered to relais.events.uri"))
                    .hasSize(1);
            source.base().remove("A000001");
            sweep();

            AtomicInteger delivery = new AtomicInteger();
            receiver.faults(() -> delivery.incrementAndGet() == 2 ? Fault.REFUSED : Fault.NONE);
            deliver();
            assertThat(receiver.take()).hasToString("[offer.created A000001]");
            deliver();
            assertThat(receiver.take()).hasToString("[offer.created A000002, offer.removed A000001]");
            assertThat(log.all()).anyMatch(line -> line.contains("Events are delivered to relais.events.uri again"));
        }
    }

    @Test
    void an_event_whose_answer_is_lost_is_sent_again() throws Exception {
        mirror.start();
        sweep();
        AtomicInteger delivery = new AtomicInteger();
        receiver.faults(() -> delivery.incrementAndGet() == 1 ? Fault.ANSWER_LOST : Fault.NONE);

        deliver();
        deliver();

        assertThat(receiver.take())
                .hasToString("[offer.created A000001, offer.created A000001, offer.created A000002]");
    }

    @Test
    void a_sweep_ends_and_a_second_process_waits_while_a_delivery_hangs() throws Exception {
        CountDownLatch isHanging = new CountDownLatch(1);
        CountDownLatch isOver = new CountDownLatch(1);
        mirror.start();
        AdviceWith.adviceWith(mirror.camel(), "relais-send-event", route -> route.weaveById("relais-to-events")
                .before()
                .process(exchange -> {
                    isHanging.countDown();
                    isOver.await(60, TimeUnit.SECONDS);
                }));
        sweep();
        Thread delivery = new Thread(this::deliver);
        delivery.start();
        assertThat(isHanging.await(60, TimeUnit.SECONDS)).isTrue();

        put("A000003", 1);
        sweep();
        try (Mirror second = mirror.secondProcess().start()) {
            second.deliverEvents();
        }
        assertThat(receiver.take()).as("events that have overtaken the first").isEmpty();

        isOver.countDown();
        delivery.join(60_000);
        deliver();
        assertThat(receiver.take())
                .hasToString("[offer.created A000001, offer.created A000002, offer.created A000003]");
    }

    @Test
    void a_page_that_is_rolled_back_leaves_no_event() throws Exception {
        mirror.start();
        AdviceWith.adviceWith(mirror.camel(), "relais-transform-offer", route -> route.weaveAddFirst()
                .throwException(new IllegalStateException("planted")));

        assertThat(mirror.sweep().state()).isEqualTo(SweepState.INCOMPLETE);

        assertThat(waiting()).isZero();
    }

    @Test
    void a_replay_makes_the_receiver_keep_the_offers_of_the_mirror_and_no_others() throws Exception {
        mirror.start();
        sweep();
        deliver();
        source.base().remove("A000002");
        sweep();
        mirror.jdbc.sql("delete from outbox").update();
        deliver();
        receiver.take();
        assertThat(receiver.ids()).containsExactly("A000001", "A000002");

        assertThat(mirror.relais().replayEvents()).isEqualTo(1);
        deliver();

        assertThat(receiver.take()).hasToString("[replay-started, offer.updated A000001, replay-ended]");
        assertThat(receiver.ids()).containsExactly("A000001");
    }

    @Test
    void a_replay_is_refused_until_a_sweep_is_proved() throws Exception {
        mirror.start();

        assertThatThrownBy(() -> mirror.relais().replayEvents())
                .hasRootCauseMessage("Events cannot be replayed, because no sweep has been proved yet");
    }

    @Test
    void events_that_have_waited_too_long_are_dropped_and_replay_needed_is_sent() throws Exception {
        mirror.start();
        sweep();
        mirror.jdbc
                .sql("update outbox set at = at - interval 8 day where offer_id = 'A000001'")
                .update();

        dropExpired();
        dropExpired();

        assertThat(mirror.alerts()).singleElement().asString().startsWith("Events were dropped");
        deliver();
        assertThat(receiver.take()).hasToString("[offer.created A000002, replay-needed]");
        assertThat(mirror.alerts()).isEmpty();
        deliver();
        assertThat(receiver.take()).as("what was delivered already").isEmpty();

        mirror.relais().replayEvents();
        assertThat(mirror.alerts()).containsExactly("Resolved: events lost");
    }

    @Test
    void events_that_wait_for_an_hour_cause_an_alert() throws Exception {
        mirror.start();
        sweep();
        assertThat(mirror.alerts()).isEmpty();

        mirror.jdbc.sql("update outbox set at = at - interval 61 minute").update();

        assertThat(mirror.alerts()).singleElement().asString().startsWith("Events have waited");
    }

    @Test
    void a_restore_asks_the_receiver_for_a_replay() throws Exception {
        mirror.start();
        sweep();
        deliver();
        receiver.take();
        mirror.jdbc
                .sql("update lease set fence = fence - 2 where name = 'sweep'")
                .update();

        mirror.start();
        deliver();

        assertThat(receiver.take()).hasToString("[replay-needed]");
    }

    @Test
    void a_folder_gets_a_file_for_each_event(@TempDir Path folder) throws Exception {
        mirror.with("relais.events.uri", "file:" + folder).start();
        sweep();
        source.base().remove("A000001");
        sweep();
        deliver();

        try (Stream<Path> files = Files.list(folder)) {
            List<Path> sorted = files.sorted().toList();
            assertThat(sorted).hasSize(3).allSatisfy(file -> assertThat(file.toString())
                    .endsWith(".json"));
            assertThat(Files.readString(sorted.get(2)))
                    .startsWith("{\"event\": \"offer.removed\", \"id\": \"A000001\", ");
        }
    }

    @Test
    void the_timer_delivers_events() throws Exception {
        mirror.with("relais.events.period", "1s").start();
        mirror.startTrigger("relais-events-by-timer");

        sweep();

        await().until(() -> waiting() == 0);
        assertThat(receiver.take()).hasToString("[offer.created A000001, offer.created A000002]");
    }

    private void put(String id, int version) {
        source.base()
                .putRaw(
                        id,
                        Instant.now().minusSeconds(60),
                        "1",
                        ("{\"id\":\"" + id + "\",\"nombrePostes\":" + version + "}").getBytes(UTF_8));
    }

    private void sweep() {
        SweepSummary summary = mirror.sweep();
        assertThat(summary.state()).as(summary.toString()).isEqualTo(SweepState.PROVED);
    }

    private void deliver() {
        mirror.deliverEvents();
    }

    private void dropExpired() {
        mirror.camel().createProducerTemplate().sendBody("direct:relais-drop-expired-events", null);
    }

    private int waiting() {
        return mirror.jdbc
                .sql("select count(*) from outbox")
                .query(Integer.class)
                .single();
    }
}
