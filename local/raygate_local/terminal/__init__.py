"""What is shown in a terminal: waterfalls, lists of traces, comparisons; 80 columns where nobody says otherwise."""
