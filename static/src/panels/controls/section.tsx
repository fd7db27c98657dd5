/** A titled part of a side panel that can be folded away. */
import type { ComponentChildren, JSX } from "preact";
import { useId, useState } from "preact/hooks";
import { Icon } from "./icon";

export interface SectionProps {
  readonly title: string;
  /** Small controls at the right end of the title. */
  readonly actions?: ComponentChildren;
  readonly children: ComponentChildren;
}

export function Section({ title, actions, children }: SectionProps): JSX.Element {
  const [isOpen, setIsOpen] = useState(true);
  const id = useId();
  return (
    <section class="section" aria-labelledby={`${id}-title`}>
      <div class="section-head">
        <h2 class="section-title" id={`${id}-title`}>
          <button
            type="button"
            class="section-toggle"
            aria-expanded={isOpen}
            aria-controls={id}
            onClick={() => setIsOpen(!isOpen)}
          >
            <Icon name={isOpen ? "chevronDown" : "chevronRight"} />
            {title}
          </button>
        </h2>
        {actions}
      </div>
      <div class="section-body" id={id} hidden={!isOpen}>
        {children}
      </div>
    </section>
  );
}
