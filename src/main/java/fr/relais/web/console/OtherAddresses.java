package fr.relais.web.console;

import org.springframework.http.HttpStatus;
import org.springframework.stereotype.Controller;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.ResponseStatus;

/** The answer to requests for pages that the console does not have. */
@Controller
class OtherAddresses {

    @RequestMapping("/console/**")
    @ResponseStatus(HttpStatus.NOT_FOUND)
    String absent() {
        return "console/absent";
    }
}
