package fr.relais.web.console;

import fr.relais.source.SourceDrift;
import fr.relais.sweep.SweepHistory;
import fr.relais.web.Site;
import java.time.Instant;
import org.springframework.stereotype.Controller;
import org.springframework.ui.Model;
import org.springframework.web.bind.annotation.GetMapping;

/** The page of the records that are set aside, and of the changes in the fields of the source's records. */
@Controller
class SetAsidePage extends ConsolePage {

    private final Site site;

    SetAsidePage(Site site) {
        super("set-aside", 40);
        this.site = site;
    }

    @GetMapping("/console/set-aside")
    String page(Model model) {
        return show(model);
    }

    @Override
    void fill(Model model) {
        SweepHistory sweeps = site.relais().sweeps();
        model.addAttribute("records", sweeps.setAside());
        SourceDrift.Overview shape = sweeps.sourceShape();
        model.addAttribute("shape", shape);
        model.addAttribute(
                "isLearning", shape.learnedAt() != null && shape.learnedAt().isAfter(Instant.now()));
    }
}
