package fr.relais.web.console;

import fr.relais.events.Outbox;
import fr.relais.failure.Failures;
import fr.relais.settings.EndpointAddress;
import fr.relais.settings.EventSettings;
import fr.relais.settings.Settings;
import fr.relais.web.Site;
import java.security.Principal;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicBoolean;
import org.springframework.beans.factory.annotation.Qualifier;
import org.springframework.core.task.TaskExecutor;
import org.springframework.core.task.TaskRejectedException;
import org.springframework.stereotype.Controller;
import org.springframework.ui.Model;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestParam;

/** The page of the events: where they go, which ones wait, and a replay for a receiver that starts over. */
@Controller
class EventsPage extends ConsolePage {

    /** What a request for a replay may have led to. The texts are {@code events.result.*}. */
    private static final List<String> RESULTS = List.of("started", "running", "off", "unproved");

    private final Site site;
    private final EventSettings settings;
    private final String endpoint;
    private final TaskExecutor executor;
    private final SlowValues<Outbox, Map<String, Long>> waiting = new SlowValues<>(Outbox::waitingByKind);
    private final AtomicBoolean isReplaying = new AtomicBoolean();
    private volatile String lastReplay = "none";

    EventsPage(Site site, Settings settings, @Qualifier("applicationTaskExecutor") TaskExecutor executor) {
        super("events", 60);
        this.site = site;
        this.settings = settings.events();
        this.endpoint = EndpointAddress.withoutSecrets(settings.placeholders().getProperty("relais.events.uri", ""));
        this.executor = executor;
    }

    @GetMapping("/console/events")
    String page(@RequestParam(defaultValue = "") String result, Model model) {
        model.addAttribute("result", RESULTS.contains(result) ? result : "");
        return show(model);
    }

    @Override
    void fill(Model model) {
        Outbox outbox = site.relais().outbox();
        model.addAttribute("isOn", settings.hasEndpoint());
        model.addAttribute("endpoint", endpoint);
        model.addAttribute("keep", settings.keep());
        model.addAttribute("waiting", waiting.get(outbox).orElse(null));
        model.addAttribute("oldest", outbox.overdueSince().orElse(null));
        model.addAttribute("isReplayNeeded", outbox.isReplayNeeded());
        model.addAttribute("lastDelivery", outbox.lastDelivery().orElse(null));
        model.addAttribute("lastFailure", outbox.lastFailure().orElse(null));
        model.addAttribute("isReplaying", isReplaying.get());
        model.addAttribute("lastReplay", lastReplay);
        model.addAttribute("offers", site.relais().sweeps().offers());
    }

    @GetMapping("/console/events/replay")
    String confirm(Model model) {
        if (!settings.hasEndpoint()) {
            return Actions.show(path(), "off");
        }
        fill(model);
        return "console/events-confirm";
    }

    /** Records the events in the background, because a large mirror has millions. */
    @PostMapping("/console/events/replay")
    String replay(Principal operator) {
        if (!settings.hasEndpoint()) {
            return Actions.show(path(), "off");
        }
        if (site.freshness().updatedAt() == null && !site.relais().sweeps().isRestored()) {
            return Actions.show(path(), "unproved");
        }
        if (!isReplaying.compareAndSet(false, true)) {
            return Actions.show(path(), "running");
        }
        Actions.LOG.info("{} started a replay of the events", operator.getName());
        try {
            executor.execute(this::replay);
        } catch (TaskRejectedException e) {
            isReplaying.set(false);
            throw e;
        }
        return Actions.show(path(), "started");
    }

    private void replay() {
        try {
            long offers = site.relais().replayEvents();
            Actions.LOG.info("The replay has recorded events for {} offers", offers);
            lastReplay = "done";
        } catch (RuntimeException e) {
            lastReplay = "failed";
            Actions.LOG.warn("The replay failed: {}", Failures.reason(e));
        } finally {
            waiting.forget(site.relais().outbox());
            isReplaying.set(false);
        }
    }
}
