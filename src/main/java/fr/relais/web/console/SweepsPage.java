package fr.relais.web.console;

import fr.relais.web.Site;
import org.springframework.stereotype.Controller;
import org.springframework.ui.Model;
import org.springframework.web.bind.annotation.GetMapping;

/** The page of the sweeps: the progress of the current one, and the last ones with their counts. */
@Controller
class SweepsPage extends ConsolePage {

    private static final int SWEEPS = 50;

    private final Site site;

    SweepsPage(Site site) {
        super("sweeps", 10);
        this.site = site;
    }

    @GetMapping("/console/sweeps")
    String page(Model model) {
        return show(model);
    }

    @Override
    void fill(Model model) {
        model.addAttribute("sweeps", site.relais().sweeps().last(SWEEPS));
        model.addAttribute("progress", site.relais().progress());
    }
}
